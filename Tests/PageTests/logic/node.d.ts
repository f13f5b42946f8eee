// What the tests use of node; its types are in a package that nothing else here needs.
declare module 'node:test' {
    export function test(name: string, body: () => void | Promise<void>): void;
}
declare module 'node:assert/strict' {
    const assert: {
        (value: unknown, message?: string): void;
        equal(actual: unknown, expected: unknown, message?: string): void;
        deepEqual(actual: unknown, expected: unknown, message?: string): void;
    };
    export default assert;
}
declare module 'node:fs' {
    export function readFileSync(path: string, encoding: 'utf8'): string;
}
declare const process: { env: Record<string, string | undefined> };
