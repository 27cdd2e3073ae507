"""pysaml2 as the other side of a SAML conversation.

Reads jobs (JSON, one a line) from standard input and prints what came of each (JSON, one a line), until the input
ends. The first line tells the side: `role` (sp or idp), `entity` (own entity ID), `endpoints` (own addresses: acs,
sso, slo). In the working folder lie `own.key` and `own.pem` (key and certificate of pysaml2's side) and `peer.xml`
(metadata of our side). What pysaml2 refuses is told as {"refused": "ClassName: text"}.

Each job names its `step`:

  sp   request           {peer, force?, passive?}           -> {id, url, fields}
  sp   response          {message, outstanding: {id: any}}  -> what the response says
  idp  answer            {message, name, attributes, until, context}
                                                            -> {request, url, fields}
  idp  refuse            {message, subcode}                 -> {request, url, fields}
  any  logout-request    {peer, url, name, session}         -> {id, url, fields}
  any  logout-answer     {message}                          -> {request, url, fields}
  any  logout-response   {message}                          -> {inResponseTo, issuer, status}
"""

import json
import logging
import sys
from html.parser import HTMLParser

from saml2 import BINDING_HTTP_POST, saml, samlp
from saml2.client import Saml2Client
from saml2.config import IdPConfig, SPConfig
from saml2.server import Server
from saml2.time_util import in_a_while
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

# Attributes keep their own names: pysaml2 has no map for this form.
NAME_FORM = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
SIGNED = {"sign_alg": SIG_RSA_SHA256, "digest_alg": DIGEST_SHA256}


def sp_service(endpoints):
    return {
        "endpoints": {
            "assertion_consumer_service": [(endpoints["acs"], BINDING_HTTP_POST)],
            "single_logout_service": [(endpoints["slo"], BINDING_HTTP_POST)],
        },
        "allow_unsolicited": False,
        "authn_requests_signed": True,
        "logout_requests_signed": True,
        "logout_responses_signed": True,
        "want_response_signed": True,
        "want_assertions_signed": False,
    }


def idp_service(endpoints):
    return {
        "endpoints": {
            "single_sign_on_service": [(endpoints["sso"], BINDING_HTTP_POST)],
            "single_logout_service": [(endpoints["slo"], BINDING_HTTP_POST)],
        },
        "want_authn_requests_signed": True,
        "logout_requests_signed": True,
        "policy": {"default": {"lifetime": {"minutes": 10}, "name_form": NAME_FORM}},
    }


def make_side(job):
    role = job["role"]
    service = (sp_service if role == "sp" else idp_service)(job["endpoints"])
    config = (SPConfig if role == "sp" else IdPConfig)()
    config.load(
        {
            "entityid": job["entity"],
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "key_file": "own.key",
            "cert_file": "own.pem",
            "metadata": {"local": ["peer.xml"]},
            "allow_unknown_attributes": True,
            "signing_algorithm": SIG_RSA_SHA256,
            "digest_algorithm": DIGEST_SHA256,
            "service": {role: service},
        }
    )
    return Saml2Client(config=config) if role == "sp" else Server(config=config)


class Form(HTMLParser):
    """The form that a page posts by itself."""

    def __init__(self, page):
        super().__init__()
        self.url = None
        self.fields = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.url = values["action"]
        if tag == "input" and values.get("type") == "hidden":
            self.fields[values["name"]] = values.get("value") or ""


def posted(side, message, destination, relay_state, response):
    info = side.apply_binding(
        BINDING_HTTP_POST, str(message), destination, relay_state, response=response, sign=False
    )
    form = Form(info["data"] if isinstance(info["data"], str) else "".join(info["data"]))
    return {"url": form.url, "fields": form.fields}


def request(client, job):
    asked = {name: "true" for name, key in (("force_authn", "force"), ("is_passive", "passive")) if job.get(key)}
    message_id, info = client.prepare_for_authenticate(
        entityid=job["peer"],
        relay_state=job.get("relayState", ""),
        binding=BINDING_HTTP_POST,
        sign=True,
        sigalg=SIG_RSA_SHA256,
        digest_alg=DIGEST_SHA256,
        nameid_format=saml.NAMEID_FORMAT_UNSPECIFIED,
        allow_create="true",
        **asked,
    )
    form = Form(info["data"])
    return {"id": message_id, "url": form.url, "fields": form.fields}


def response(client, job):
    read = client.parse_authn_request_response(job["message"], BINDING_HTTP_POST, outstanding=job["outstanding"])
    session = read.session_info()
    return {
        "name": read.name_id.text,
        "issuer": session["issuer"],
        "attributes": read.ava,
        "sessionIndex": session["session_index"],
        "sessionUntil": session["not_on_or_after"],
        "context": session["authn_info"][0][0],
        "inResponseTo": read.in_response_to,
        "cameFrom": session["came_from"],
    }


def asked_of(server, job):
    read = server.parse_authn_request(job["message"], BINDING_HTTP_POST)
    message = read.message
    return read, {
        "id": message.id,
        "issuer": message.issuer.text,
        "acs": message.assertion_consumer_service_url,
        "destination": message.destination,
        "allowCreate": message.name_id_policy.allow_create,
        "force": message.force_authn,
        "passive": message.is_passive,
    }


def answer(server, job):
    read, asked = asked_of(server, job)
    args = server.response_args(read.message, [BINDING_HTTP_POST])
    message = server.create_authn_response(
        identity=job["attributes"],
        in_response_to=asked["id"],
        destination=args["destination"],
        sp_entity_id=args["sp_entity_id"],
        name_id=saml.NameID(text=job["name"], format=saml.NAMEID_FORMAT_UNSPECIFIED),
        authn={"class_ref": job["context"], "authn_auth": server.config.entityid},
        sign_response=True,
        sign_assertion=False,
        session_not_on_or_after=job["until"],
        **SIGNED,
    )
    form = posted(server, message, args["destination"], job.get("relayState", ""), True)
    return {"request": asked, **form}


def refuse(server, job):
    read, asked = asked_of(server, job)
    args = server.response_args(read.message, [BINDING_HTTP_POST])
    message = server.create_error_response(
        asked["id"],
        args["destination"],
        (job["subcode"], "refused"),
        sign=True,
        **SIGNED,
    )
    return {"request": asked, **posted(server, message, args["destination"], "", True)}


def logout_request(side, job):
    message_id, message = side.create_logout_request(
        job["url"],
        job["peer"],
        name_id=saml.NameID(text=job["name"], format=saml.NAMEID_FORMAT_UNSPECIFIED),
        session_indexes=[job["session"]],
        reason="urn:oasis:names:tc:SAML:2.0:logout:user",
        expire=in_a_while(minutes=5),
        sign=True,
        **SIGNED,
    )
    return {"id": message_id, **posted(side, message, job["url"], "", False)}


def logout_answer(side, job):
    message = side.parse_logout_request(job["message"], BINDING_HTTP_POST).message
    made = side.create_logout_response(message, [BINDING_HTTP_POST], sign=True, **SIGNED)
    destination = side.response_args(message, [BINDING_HTTP_POST])["destination"]
    return {
        "request": {
            "id": message.id,
            "issuer": message.issuer.text,
            "name": message.name_id.text,
            "sessions": [one.text for one in message.session_index],
            "until": message.not_on_or_after,
            "reason": message.reason,
        },
        **posted(side, made, destination, "", True),
    }


def logout_response(side, job):
    read = side.parse_logout_request_response(job["message"], BINDING_HTTP_POST)
    return {
        "inResponseTo": read.in_response_to,
        "issuer": read.response.issuer.text,
        "status": read.response.status.status_code.value,
    }


STEPS = {
    "request": request,
    "response": response,
    "answer": answer,
    "refuse": refuse,
    "logout-request": logout_request,
    "logout-answer": logout_answer,
    "logout-response": logout_response,
}


def main():
    logging.disable(logging.CRITICAL)
    side = make_side(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        job = json.loads(line)
        try:
            result = STEPS[job["step"]](side, job)
        except Exception as refusal:  # pysaml2 refuses by exceptions of many kinds
            result = {"refused": f"{type(refusal).__name__}: {refusal}"}
        print(json.dumps(result), flush=True)


main()
