/** Bytes in the alphabet of addresses, without padding (RFC 4648, 5). */
export function base64url(bytes: Uint8Array): string {
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
