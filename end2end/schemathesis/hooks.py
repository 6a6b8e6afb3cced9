"""Who asks: each operation somebody whom it may hurt, and every request from an address of its own."""

import base64
import ipaddress
import json
import os
import random
import re
import uuid

import requests
import schemathesis

URL = os.environ["REST_URL"]
PASSWORD = os.environ["REST_PASSWORD"]
CLIENT = json.loads(os.environ["REST_CLIENT"])
RESOURCE = "https://default.logto.app/api"
BASIC = "Basic " + base64.b64encode(f"{CLIENT['id']}:{CLIENT['secret']}".encode()).decode()
# Our own, which leaves that of the generator alone.
CHANCE = random.Random(1)
# A network for tests of networks (RFC 2544): nobody's.
ADDRESSES = ipaddress.ip_network("198.18.0.0/15")

# Who asks where, first match first. Guesses of a password lock a person out for a while; others end sessions.
PERSONS = [
    (re.compile(r"password|/2fa/|-2fa$|deactivate|username/change"), "guesser"),
    (re.compile(r"archive|deleteallsessions|deleteusersession|relogin|logout|/account/sessions"), "leaver"),
    (re.compile(r"/v1/users$|/v1/userrole/"), "admin"),
    (re.compile(r""), "user"),
]


def address() -> dict[str, str]:
    return {"X-Forwarded-For": str(ADDRESSES[CHANCE.randrange(ADDRESSES.num_addresses)])}


def is_management(path: str) -> bool:
    return path.startswith("/api/") and not path.startswith("/api/v1/")


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers.update(address())


@schemathesis.auth(refresh_interval=None)
class Token:
    """Signs in again whenever a request ended the session."""

    def __init__(self):
        self.signed_in = {}
        self.management = None

    def get(self, case, context):
        if case.operation.path == "/oidc/token":
            return BASIC, None
        if is_management(case.operation.path):
            self.management = self.management or self.of_client()
            return self.bearer(self.management), None
        name = next(name for pattern, name in PERSONS if pattern.search(case.operation.path))
        token, owner = self.signed_in.get(name, (None, None))
        if token is None or not self.is_alive(token):
            token, owner = self.signed_in[name] = self.of_person(name)
        return self.bearer(token), owner

    def set(self, case, data, context):
        credentials, owner = data
        if credentials is not None:
            case.headers["Authorization"] = credentials
        # An id that is made up is nobody's: every other one becomes the caller's.
        if owner is not None and is_uuid(case.path_parameters.get("userId")) and CHANCE.random() < 0.5:
            case.path_parameters["userId"] = owner

    def bearer(self, token):
        return token and f"Bearer {token}"

    def is_alive(self, token):
        return self.ask("GET", "/auth-api/currentuser", headers={"Authorization": f"Bearer {token}"}).ok

    def of_person(self, name):
        login = {"username": f"{name}@example.com", "password": PASSWORD}
        answer = self.ask("POST", "/auth-api/login", json=login)
        # Refused for a while after too many guesses.
        return (answer.json()["accessToken"], answer.json()["userId"]) if answer.ok else (None, None)

    def of_client(self):
        form = {"grant_type": "client_credentials", "resource": RESOURCE, "scope": "all"}
        answer = self.ask("POST", "/oidc/token", data=form, auth=(CLIENT["id"], CLIENT["secret"]))
        return answer.json()["access_token"] if answer.ok else None

    def ask(self, method, path, headers=(), **request):
        return requests.request(method, URL + path, headers={**address(), **dict(headers)}, timeout=30, **request)


def is_uuid(value) -> bool:
    try:
        return str(uuid.UUID(str(value))) == value
    except ValueError:
        return False
