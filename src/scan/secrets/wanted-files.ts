import { toolFiles } from './team/team-settings.ts';

/** Pictures, sounds, fonts, archives and programs: no text, or none that a person wrote. */
const BINARY =
  /\.(?:png|jpe?g|gif|bmp|ico|icns|webp|avif|heic|tiff?|psd|svgz|mp[34]|m4[av]|mov|avi|mkv|webm|ogg|wav|flac|woff2?|ttf|otf|eot|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|class|pyc|pyo|so|dylib|dll|exe|bin|o|a|lib|obj|pdb|wasm|node|pdf|docx?|xlsx?|pptx?|db|sqlite3?|parquet|pack|idx|npz?|h5|pt|onnx|safetensors)$/i;

/** Whether a file is read at all. */
export function isWanted(file: string): boolean {
  return !BINARY.test(file) && !toolFiles.has(file.slice(file.lastIndexOf('/') + 1));
}

/** Written by programs: names beside values there are not what a person calls a secret. */
const MADE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|composer\.lock|cargo\.lock|poetry\.lock|pipfile\.lock|uv\.lock|gemfile\.lock|go\.(?:sum|mod)|deno\.lock|flake\.lock|gradle\.lockfile|mix\.lock|pubspec\.lock|podfile\.lock)$|\.min\.(?:js|css)$|\.(?:js|css|mjs)\.map$|\.(?:snap|ipynb|csv|tsv|svg|lock)$|(?:^|\/)(?:dist|build|out|generated|__generated__)\//i;

/** Whether the rules that only advise look at a file. */
export function isWrittenByHand(file: string): boolean {
  return !MADE.test(file);
}
