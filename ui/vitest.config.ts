import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// Messages are compiled before (`npm test`): the plugin would keep watching them.
export default defineConfig({ plugins: [svelte()], test: { include: ["tests/**/*.test.ts"] } });
