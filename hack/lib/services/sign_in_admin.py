"""Sets up the provider of identities (glewlwyd) that hack/services runs, by its API.

Usage: sign_in_admin.py setup|rotate PORT
       sign_in_admin.py redirects PORT URL...

setup      its plugin for OpenID Connect, the users ada, bob and mallory, and the client of the gateway; can be run again
redirects  where people may be sent back to after signing in
rotate     a new key to sign by, beside the old ones

SIGN_IN_STATE is the folder of its files; SIGN_IN_ADMIN_PASSWORD, SIGN_IN_PASSWORD (of the users), SIGN_IN_CLIENT and
SIGN_IN_CLIENT_SECRET name the rest.
"""

import base64
import http.cookiejar
import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

# What glewlwyd's database begins with.
FIRST_PASSWORD = "password"
DEFAULT_REDIRECT = "http://127.0.0.1:8080/auth/callback"
PEOPLE = {"ada": ("Ada Lovelace", ["finance", "everybody"]), "bob": ("Bob Miller", []), "mallory": ("Mallory Fox", ["everybody"])}


class Provider:
    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.jar = http.cookiejar.CookieJar()
        # No proxy of the environment has a place between us and the loopback.
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar))

    def call(self, method, path, body=None, accept=()):
        request = urllib.request.Request(
            f"{self.address}/api/{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        try:
            with self.opener.open(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            if error.code in accept:
                return error.code, b""
            raise SystemExit(f"{method} {path}: {error.code} {error.read()[:500]}")

    def sign_in(self, password):
        return self.call("POST", "auth/", {"username": "admin", "password": password}, accept=(400, 401))[0] == 200

    def put(self, kind, name, body):
        """Makes it, or changes it to that."""
        if self.call("GET", f"{kind}/{name}", accept=(404,))[0] == 200:
            self.call("PUT", f"{kind}/{name}", body)
        else:
            self.call("POST", f"{kind}/", body)


def text(number):
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def new_key(identifier):
    """An RSA key of 2048 bits as a JSON Web Key."""
    pem = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True).stdout
    der = subprocess.run(
        ["openssl", "rsa", "-outform", "DER", "-traditional"], check=True, capture_output=True, input=pem).stdout
    names = ["version", "n", "e", "d", "p", "q", "dp", "dq", "qi"]
    key = {name: text(number) for name, number in zip(names[1:], integers(der)[1:])}
    return {"kty": "RSA", "kid": identifier, "alg": "RS256", "use": "sig", **key}


def integers(der):
    """The numbers of a sequence of nothing else (PKCS #1)."""
    def head(position):
        length = der[position + 1]
        if length < 0x80:
            return position + 2, length
        size = length & 0x7F
        return position + 2 + size, int.from_bytes(der[position + 2:position + 2 + size], "big")

    position, _ = head(0)
    numbers = []
    while position < len(der):
        start, length = head(position)
        numbers.append(int.from_bytes(der[start:start + length], "big"))
        position = start + length
    return numbers


def keys(state, add):
    """The keys of before, with a new one in front: the first signs."""
    file = state / "keys.json"
    known = json.loads(file.read_text()) if file.exists() else []
    if add or not known:
        known.insert(0, new_key(f"key-{len(known) + 1}"))
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as target:
            json.dump(known, target)
    return known


def plugin(provider, signing):
    yes = ("allow-non-oidc auth-type-code-enabled auth-type-id-token-enabled auth-type-none-enabled auth-type-client-enabled "
           "auth-type-refresh-enabled auth-type-code-revoke-replayed jwks-show pkce-allowed refresh-token-rolling "
           "introspection-revocation-allowed session-management-allowed").split()
    no = "auth-type-token-enabled auth-type-password-enabled auth-type-device-enabled pkce-method-plain-allowed".split()
    life = int(os.environ.get("SIGN_IN_TOKEN_LIFE", "3600"))
    return {
        "module": "oidc", "name": "oidc", "display_name": "OpenID Connect", "order_rank": 0, "enabled": True,
        "parameters": {
            **{name: True for name in yes}, **{name: False for name in no},
            "iss": f"{provider.address}/api/oidc", "jwt-type": "rsa", "jwt-key-size": "256",
            "jwks-private": json.dumps({"keys": signing}), "default-kid": signing[0]["kid"],
            "access-token-duration": life, "refresh-token-duration": 86400, "code-duration": 600,
            "refresh-token-one-use": "always", "subject-type": "public",
            "session-cookie-name": "GLEWLWYD2_OIDC_SID", "session-cookie-expiration": 2419200,
            "name-claim": "mandatory", "email-claim": "mandatory", "scope-claim": "no", "scope": [],
            "allowed-scope": ["openid", "reports"], "additional-parameters": [],
            "claims": [{"name": "groups", "user-property": "groups", "type": "string", "mandatory": True,
                        "on-demand": False, "scope": []}],
        }}


def client(redirects):
    secret = os.environ["SIGN_IN_CLIENT_SECRET"]
    name = os.environ["SIGN_IN_CLIENT"]
    homes = [address.removesuffix("auth/callback") for address in redirects]
    return {
        "client_id": name, "name": "Reports", "enabled": True, "confidential": True, "password": secret,
        "client_secret": secret, "token_endpoint_auth_method": ["client_secret_basic"], "redirect_uri": redirects,
        "authorization_type": ["code", "refresh_token", "client_credentials"], "scope": ["reports"],
        # Of this one it takes a text.
        "post_logout_redirect_uris": homes[0]}


def set_up(provider, state):
    for scope, method in (("openid", "PUT"), ("reports", "POST")):
        body = {"name": scope, "display_name": scope, "description": scope, "password_required": True,
                "password_max_age": 0, "scheme": {}}
        if method == "POST" and provider.call("GET", f"scope/{scope}", accept=(404,))[0] == 404:
            provider.call("POST", "scope/", body)
        else:
            provider.call("PUT", f"scope/{scope}", body)
    provider.put("mod/plugin", "oidc", plugin(provider, keys(state, add=False)))
    for user, (name, groups) in PEOPLE.items():
        provider.put("user", user, {
            "username": user, "password": os.environ["SIGN_IN_PASSWORD"], "name": name, "email": f"{user}@example.com",
            "enabled": True, "scope": ["openid", "reports"], "groups": groups})
    provider.put("client", os.environ["SIGN_IN_CLIENT"], client([DEFAULT_REDIRECT]))


def rotate(provider, state):
    provider.call("PUT", "mod/plugin/oidc", plugin(provider, keys(state, add=True)))
    # It reads its keys when it is enabled.
    provider.call("PUT", "mod/plugin/oidc/disable/")
    provider.call("PUT", "mod/plugin/oidc/enable/")


def main():
    command, port, *rest = sys.argv[1:]
    provider = Provider(port)
    state = pathlib.Path(os.environ["SIGN_IN_STATE"])
    own = os.environ["SIGN_IN_ADMIN_PASSWORD"]
    if not provider.sign_in(own):
        if not provider.sign_in(FIRST_PASSWORD):
            raise SystemExit("nobody can sign in as admin")
        # Anybody on this machine knows the first one.
        provider.call("PUT", "user/admin", {
            "username": "admin", "password": own, "name": "The Administrator", "enabled": True,
            "scope": ["g_admin", "g_profile"]})
        if not provider.sign_in(own):
            raise SystemExit("the admin's new password is not taken")
    if command == "setup":
        set_up(provider, state)
    elif command == "redirects":
        provider.put("client", os.environ["SIGN_IN_CLIENT"], client(rest))
    elif command == "rotate":
        rotate(provider, state)
    else:
        raise SystemExit(__doc__)


main()
