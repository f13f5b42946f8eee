// Usage: node hack/lib/page/generate-types.mjs [--check]
//
// Writes Sources/ReportPage/src/api/types.ts from the schemas of Sources/GatewayAPI/openapi.json. With --check nothing is
// written: it fails where the file differs from what the contract says now.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const target = join(root, 'Sources/ReportPage/src/api/types.ts');
const contract = JSON.parse(readFileSync(join(root, 'Sources/GatewayAPI/openapi.json'), 'utf8'));

function typeOf(schema, indent) {
    if (schema.$ref) return schema.$ref.split('/').pop();
    if (schema.allOf) return schema.allOf.map((part) => typeOf(part, indent)).join(' & ');
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value).replaceAll('"', "'")).join(' | ');
    if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type }, indent)).join(' | ');
    switch (schema.type) {
        case 'string':
        case 'boolean':
        case 'null':
            return schema.type;
        case 'integer':
        case 'number':
            return 'number';
        case 'array': {
            const item = typeOf(schema.items ?? {}, indent);
            return / [|&] /.test(item) ? `(${item})[]` : `${item}[]`;
        }
        case 'object':
            return schema.properties ? objectType(schema, indent) : `Record<string, ${typeOf(schema.additionalProperties || {}, indent)}>`;
        default:
            return 'unknown';
    }
}

function objectType(schema, indent) {
    const required = new Set(schema.required ?? []);
    const lines = Object.entries(schema.properties).map(([name, property]) => {
        const comment = property.description ? `${indent}    /** ${property.description} */\n` : '';
        return `${comment}${indent}    ${name}${required.has(name) ? '' : '?'}: ${typeOf(property, `${indent}    `)};\n`;
    });
    return `{\n${lines.join('')}${indent}}`;
}

const head = '// Made by hack/lib/page/generate-types.mjs from Sources/GatewayAPI/openapi.json: change it there.\n';
const types = Object.entries(contract.components.schemas).map(
    ([name, schema]) => `\nexport type ${name} = ${typeOf(schema, '')};\n`,
);
const text = head + types.join('');
if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
    console.error('src/api/types.ts is not what the contract says: run node hack/lib/page/generate-types.mjs');
    process.exit(1);
}
