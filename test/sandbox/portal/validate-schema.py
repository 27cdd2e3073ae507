"""Judges instances by the schemas of an OpenAPI document: JSON in, JSON out."""

import json
import sys

import jsonschema_rs

asked = json.load(sys.stdin)
verdicts = []
for name, instance in asked["instances"]:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{name}",
        "components": asked["document"]["components"],
    }
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    verdicts.append([error.message for error in validator.iter_errors(instance)])
json.dump(verdicts, sys.stdout)
