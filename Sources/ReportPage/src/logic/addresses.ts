/** E-mail addresses out of whatever was typed or pasted: separated by commas, semicolons or blanks, or in <angle brackets>. */
export function splitAddresses(text: string): string[] {
    const bracketed = [...text.matchAll(/<([^<>\s]+@[^<>\s]+)>/g)].map((match) => match[1] as string);
    const found = bracketed.length > 0 ? bracketed : text.split(/[\s,;]+/).filter((part) => part !== '');
    return unique(found);
}

/** The first spelling of each: case makes no other mailbox. */
export function unique(addresses: readonly string[]): string[] {
    const seen = new Set<string>();
    return addresses.filter((address) => {
        const key = address.toLowerCase();
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
    });
}

/** Only what is no address in any case; what a channel takes, the API says. */
export function looksLikeAddress(text: string): boolean {
    return /^[^\s@<>",;]+@[^\s@<>",;]+$/.test(text);
}
