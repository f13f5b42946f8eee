// Usage: node hack/lib/page/assemble.mjs SOURCE WORK
//
// Part of hack/lib/page/build: writes WORK/page/index.html with the names that the bundler gave, adds the files that need
// no build, compresses everything, and measures what a browser loads before the page can be used.
import { copyFileSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [source, work] = process.argv.slice(2);
const page = join(work, 'page');
const limit = 120_000;

const { outputs } = JSON.parse(readFileSync(join(work, 'meta.json'), 'utf8'));
const named = Object.fromEntries(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
const [entryName, entry] = Object.entries(named).find(([, output]) => output.entryPoint?.endsWith('src/main.tsx'));

// What the entry imports statically is loaded with it; what it imports lazily is not.
const first = new Set([entryName]);
const follow = (output) => {
    for (const { path, kind } of output.imports) {
        if (kind !== 'import-statement' || first.has(basename(path))) continue;
        first.add(basename(path));
        follow(named[basename(path)]);
    }
};
follow(entry);
const style = basename(entry.cssBundle ?? Object.keys(named).find((name) => name.endsWith('.css')));

const assets = [
    `<link rel="stylesheet" href="assets/${style}">`,
    ...[...first].filter((name) => name !== entryName).map((name) => `<link rel="modulepreload" href="assets/${name}">`),
    `<script type="module" src="assets/${entryName}"></script>`,
].join('\n    ');
const html = readFileSync(join(source, 'index.html'), 'utf8').replace('<!-- assets -->', assets);
writeFileSync(join(page, 'index.html'), html);
copyFileSync(join(source, 'favicon.svg'), join(page, 'favicon.svg'));

const compressed = {};
const compress = (folder) => {
    for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) {
            compress(path);
            continue;
        }
        const content = readFileSync(path);
        // Of a part that has nobody else's code in it.
        if (content.length === 0 && name.endsWith('.LEGAL.txt')) {
            rmSync(path);
            continue;
        }
        const gzip = gzipSync(content, { level: 9 });
        const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
        writeFileSync(`${path}.gz`, gzip);
        writeFileSync(`${path}.br`, brotli);
        compressed[name] = { size: content.length, gzip: gzip.length, brotli: brotli.length };
    }
};
compress(page);

const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(7);
const shipped = ['index.html', 'favicon.svg', style, ...first];
const sum = { size: 0, gzip: 0, brotli: 0 };
const line = (name, sizes) => console.log(`${kilobytes(sizes.size)} kB ${kilobytes(sizes.gzip)} gzip ${kilobytes(sizes.brotli)} brotli  ${name}`);
for (const name of shipped) {
    line(name, compressed[name]);
    for (const key of Object.keys(sum)) sum[key] += compressed[name][key];
}
line('first load', sum);
for (const name of Object.keys(named).filter((name) => name.endsWith('.js') && !first.has(name))) line(`${name}, when first needed`, compressed[name]);
if (sum.gzip > limit) {
    console.error(`The first load is ${sum.gzip} bytes gzipped; at most ${limit} are allowed.`);
    process.exit(1);
}
