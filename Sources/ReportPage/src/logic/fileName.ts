/** The file's name of a Content-Disposition; the one in UTF-8 where there are both. */
export function fileNameOf(header: string | null): string | undefined {
    if (header === null) return undefined;
    const encoded = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(header)?.[1];
    if (encoded !== undefined) {
        try {
            return withoutFolders(decodeURIComponent(encoded.trim()));
        } catch {
            // Wrongly encoded: the plain one is left.
        }
    }
    const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(header);
    const name = plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2]?.trim();
    return name === undefined ? undefined : withoutFolders(name);
}

function withoutFolders(name: string): string | undefined {
    return name.split(/[/\\]/).pop() || undefined;
}
