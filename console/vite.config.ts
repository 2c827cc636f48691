import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const COMPRESSED = /\.(?:js|css|html|svg|json)$/;
const BYTES_MIN = 512;

/** Compressed once here, at the best level, instead of for every answer. */
function compressBeside(): Plugin {
  let folder = '';
  return {
    name: 'compress-beside',
    apply: 'build',
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    writeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const file = path.join(folder, name);
        if (!COMPRESSED.test(name) || name === 'index.html' || statSync(file).size < BYTES_MIN) continue;
        const bytes = readFileSync(file);
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: quality }));
      }
    },
  };
}

const server = process.env['VOUCHGATE_URL'] ?? 'http://127.0.0.1:8440';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react(), compressBeside()],
  build: {
    // The first that know light-dark() of CSS, which would be taken apart for older ones.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // A data: address would need more in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    manifest: 'manifest.json',
    emptyOutDir: true,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/v1', '/auth', '/log'].map((prefix) => [prefix, { target: server }])),
  },
});
