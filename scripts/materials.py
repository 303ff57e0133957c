#!/usr/bin/env python3
"""What the programs are made of besides our own source.

  materials.py check       licences of npm packages, of pdfium's parts and of fonts (`cargo deny` does those of crates)
  materials.py sbom OUT    one CycloneDX 1.5 list of crates, npm packages, pdfium and fonts
"""
import datetime, json, subprocess, sys, uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"Apache-2.0", "Apache-2.0 WITH LLVM-exception", "MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Zlib",
           "MPL-2.0", "Unicode-3.0"}
# Fonts may be shipped with a program under the Open Font License; nothing else is.
FONTS = {"@fontsource/be-vietnam-pro": "OFL-1.1"}
# Whose licence texts come with pdfium's wheel and have been read: all are permissive (BSD, MIT, Apache, zlib, FTL, IJG,
# ICU, libtiff, OpenJPEG's BSD). Those of musl, Android and V8 are for other builds than the one that we use.
PDFIUM = set("""abseil agg23 brotli dragonbox-Apache2-LLVM dragonbox-Boost fast_float freetype harfbuzz highway icu lcms
libjpeg_turbo libopenjpeg libpng libtiff libyuv llvm-libc pdfium pdfium-binaries simdutf zlib Apache-2.0 BSD-3-Clause
CC-BY-4.0""".split())
ELSEWHERE = {"pbin_musl", "cibw_musl", "android", "v8_xfa"}


def npm():
    """Each package of the lock with its licence: by the lock, by its own file, or by the package whose binary it is."""
    packages = json.loads((ROOT / "ui/package-lock.json").read_text())["packages"]
    named = {path.split("node_modules/")[-1]: entry for path, entry in packages.items() if path}
    for name, entry in named.items():
        text = ROOT / "ui/node_modules" / name / "LICENSE"
        licence = entry.get("license")
        if not licence and text.exists() and text.read_text().startswith("MIT License"):
            licence = "MIT"
        if not licence:
            licence = next((named[whole].get("license") for whole in named if name.startswith(whole + "-")), None)
        yield name, entry, licence


def may(expression):
    if not expression:
        return False
    return any(part.strip(" ()") in ALLOWED for part in expression.split(" OR "))


def pdfium_parts():
    files = (ROOT / "target/pdfium/licenses").rglob("*.*")
    return {file.stem for file in files if file.is_file() and not ELSEWHERE & set(file.parts)}


def check():
    wrong = [f"npm {name}: {licence}" for name, _, licence in npm() if not may(licence) and FONTS.get(name) != licence]
    parts = pdfium_parts()
    if not parts:
        wrong.append("pdfium: no licences in target/pdfium (scripts/pdfium.sh brings them)")
    wrong += [f"pdfium: the licence of {part} has not been read" for part in sorted(parts - PDFIUM)]
    if not list((ROOT / "ui/public/licenses").glob("be-vietnam-pro.txt")):
        wrong.append("fonts: the licence of Be Vietnam Pro is not shipped")
    for line in wrong:
        print(f"materials: {line}", file=sys.stderr)
    return 1 if wrong else 0


def crates():
    """The crates that our programs are built of on this system, without those of tests."""
    host = next(line.split()[1] for line in output("rustc", "-vV").splitlines() if line.startswith("host:"))
    metadata = json.loads(output("cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", host))
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    ours = [at for at in metadata["workspace_members"] if "/tests" not in packages[at]["manifest_path"]]
    seen, todo = set(), list(ours)
    while todo:
        at = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        for dep in nodes[at]["deps"]:
            if any(kind["kind"] != "dev" for kind in dep["dep_kinds"]):
                todo.append(dep["pkg"])
    checksums = dict(locked())
    for at in sorted(seen, key=lambda at: (packages[at]["name"], packages[at]["version"])):
        package = packages[at]
        ref = f"pkg:cargo/{package['name']}@{package['version']}"
        component = {"bom-ref": ref, "type": "library", "name": package["name"], "version": package["version"], "purl": ref}
        if package["license"]:
            component["licenses"] = [{"expression": package["license"].replace("/", " OR ").replace("  ", " ")}]
        if checksum := checksums.get((package["name"], package["version"])):
            component["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        needs = sorted({dep["pkg"] for dep in nodes[at]["deps"] if dep["pkg"] in seen})
        of = lambda at: f"pkg:cargo/{packages[at]['name']}@{packages[at]['version']}"
        yield component, {"ref": ref, "dependsOn": sorted({of(at) for at in needs})}


def locked():
    import tomllib
    for package in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]:
        if "checksum" in package:
            yield (package["name"], package["version"]), package["checksum"]


def bundled():
    version = json.loads((ROOT / "target/pdfium/version.json").read_text())
    number = ".".join(str(version[part]) for part in ("major", "minor", "build", "patch"))
    wheel = (ROOT / "target/pdfium/wheel.sha256").read_text().strip()
    yield {"bom-ref": "pdfium", "type": "library", "name": "pdfium", "version": number, "purl": f"pkg:generic/pdfium@{number}",
           "description": "libpdfium of the PyPI wheel pypdfium2 whose SHA-256 is given",
           "licenses": [{"license": {"name": f"BSD-3-Clause; with {', '.join(sorted(pdfium_parts()))}"}}],
           "hashes": [{"alg": "SHA-256", "content": wheel}]}
    yield {"bom-ref": "liberation-serif", "type": "file", "name": "Liberation Serif", "version": "2",
           "description": "font of papers that embed none, and of visible signatures; the system's, or fonts/ beside the programs",
           "licenses": [{"license": {"id": "OFL-1.1"}}]}


def sbom(out):
    ui = json.loads(output("npm", "sbom", "--package-lock-only", "--sbom-format", "cyclonedx", cwd=ROOT / "ui"))
    licences = {name: licence for name, _, licence in npm()}
    for component in ui["components"]:
        name = component["bom-ref"].rsplit("@", 1)[0]
        if not component.get("licenses") and licences.get(name):
            component["licenses"] = [{"expression": licences[name]}]
    rust = list(crates())
    root = ui["metadata"]["component"]
    ours = [component["bom-ref"] for component, _ in rust if component["name"].startswith("ecabinet")]
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}", "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "component": {"bom-ref": "ecabinet", "type": "application", "name": "eCabinet", "version": root["version"],
                          "licenses": [{"license": {"id": "Apache-2.0"}}]},
        },
        "components": [component for component, _ in rust] + [root] + ui["components"] + list(bundled()),
        "dependencies": [needs for _, needs in rust] + ui["dependencies"]
        + [{"ref": "ecabinet", "dependsOn": ours + [root["bom-ref"], "pdfium", "liberation-serif"]}],
    }
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bom, indent=1, ensure_ascii=False) + "\n")
    print(f"sbom: {len(rust)} crates, {len(ui['components'])} npm packages, pdfium, fonts: {path}")
    return 0


def output(*command, cwd=ROOT):
    return subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True).stdout


match sys.argv[1:]:
    case ["check"]:
        sys.exit(check())
    case ["sbom", out]:
        sys.exit(sbom(out))
    case _:
        sys.exit(__doc__)
