import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/lib/paraglide",
      strategy: ["globalVariable", "baseLocale"],
    }),
    svelte(),
  ],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  // Nothing is inlined: fonts come from the application itself, as its content security policy says.
  build: { target: "safari15", assetsInlineLimit: 0 },
});
