// One script and one style sheet under names that stay: the page adds a version to their addresses.
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: process.env.PARLEY_BUNDLE ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    // The bundle is one file whatever its size.
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: "src/main.js",
      output: { entryFileNames: "yasgui.js", assetFileNames: "yasgui[extname]", codeSplitting: false },
    },
  },
});
