// No words of the interface outside messages/: text between tags, and Vietnamese letters in code.
import fs from "node:fs";
import path from "node:path";
import { parse } from "svelte/compiler";

const ALLOWED = new Set(["eCabinet", "Ctrl", "K"]);
const VIETNAMESE = /[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]/i;
const WORDY = new Set(["title", "aria-label", "placeholder", "alt", "label"]);
let failed = 0;

function files(dir) {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === "paraglide" || entry.name === "bindings" ? [] : files(file);
    return /\.(svelte|ts)$/.test(entry.name) ? [file] : [];
  });
}

function report(file, text) {
  failed += 1;
  console.error(`${file}: text outside messages: ${text.trim()}`);
}

function walk(node, file, attribute) {
  if (Array.isArray(node)) return node.forEach((each) => walk(each, file, attribute));
  if (typeof node !== "object" || node === null) return;
  const shown = attribute === undefined || WORDY.has(attribute);
  if (node.type === "Text" && shown) {
    const words = node.data.match(/\p{L}{2,}|\p{L}/gu) ?? [];
    if (words.some((word) => !ALLOWED.has(word))) report(file, node.data);
  }
  for (const [key, value] of Object.entries(node)) {
    if (key !== "parent") walk(value, file, /(Attribute|Directive)$/.test(node.type ?? "") ? node.name : attribute);
  }
}

for (const file of files("src")) {
  const source = fs.readFileSync(file, "utf8");
  const code = source.replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|(^|\s)\/\/.*/g, "");
  for (const line of code.split("\n")) if (VIETNAMESE.test(line) && !/\[đĐ\]/.test(line)) report(file, line);
  if (file.endsWith(".svelte")) walk(parse(source, { modern: true }).fragment, file);
}
process.exit(failed > 0 ? 1 : 0);
