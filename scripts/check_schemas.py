#!/usr/bin/env python3
"""Checks the files in schemas/, and records and files against them. Ends with 1 where something does not fit.

Needs the packages jsonschema (4 or later) and PyYAML. Looks for them in this Python, in .build/venv and in the system's
Python; `make schema-tools` installs them.

SPEC_SCHEMAS names a folder with asyncapi-3.0.0.json and compose-spec.json: where it is set, asyncapi.yaml and
docker-compose.yml are checked against them.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import urllib.parse
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas"
NEEDED = ("jsonschema", "yaml")


def use_python_with_packages():
    """Goes on in a Python that has what is needed; at most one change of Python per candidate."""
    if all(importlib.util.find_spec(name) for name in NEEDED):
        return
    for candidate in (str(ROOT / ".build" / "venv" / "bin" / "python3"), "/usr/bin/python3"):
        if not os.access(candidate, os.X_OK):
            continue
        if subprocess.run([candidate, "-c", "import " + ", ".join(NEEDED)], stderr=subprocess.DEVNULL).returncode == 0:
            os.execv(candidate, [candidate, *sys.argv])
    sys.exit("check_schemas: the Python packages jsonschema (4 or later) and PyYAML are missing: run `make schema-tools`")


use_python_with_packages()

import jsonschema  # noqa: E402
import yaml  # noqa: E402


class StringKeyLoader(yaml.SafeLoader):
    """YAML as JSON has it: a key twice is an error, and a timestamp is a string."""

    def construct_mapping(self, node, deep=False):
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1 and name != "<<":
                raise yaml.constructor.ConstructorError(None, None, f"the key '{name}' is there twice", node.start_mark)
        return super().construct_mapping(node, deep)


StringKeyLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def load(path):
    with open(path, encoding="utf-8") as file:
        try:
            return json.load(file, parse_constant=refuse_constant) if path.suffix == ".json" else yaml.load(file, StringKeyLoader)
        except (ValueError, yaml.YAMLError) as error:
            raise ValueError(f"{path}: {error}") from error


def offline_resolver(schema, documents):
    """What jsonschema before 4.18 finds references with: our files, schemas within the schema by `$id`, and no network."""

    class Resolver(jsonschema.RefResolver):
        # The library's own search for `$id` stumbles over a property of that name, which AsyncAPI's schema has.
        def resolve(self, reference):
            url = urllib.parse.urljoin(self.resolution_scope, reference).rstrip("/")
            return url, self.resolve_from_url(url)

        def resolve_remote(self, uri):
            raise LookupError(f"no file has the name {uri}")

    store = dict(documents)
    pending = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$id"), str):
                store[node["$id"]] = node
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return Resolver(schema.get("$id", ""), schema, store=store)


class Checker:
    def __init__(self):
        self.documents = {path.name: load(path) for path in sorted(SCHEMAS.iterdir()) if path.suffix in (".json", ".yaml")}
        self.problems = []
        self.checked = 0

    def problem(self, where, text):
        self.problems.append(f"{where}: {text}")

    def validator(self, schema, default=jsonschema.Draft202012Validator):
        """A validator that finds the folder's own files by their names, and asks no network."""
        kind = jsonschema.validators.validator_for(schema, default=default)
        try:
            from referencing import Registry, Resource
            from referencing.jsonschema import DRAFT202012
        except ImportError:  # jsonschema before 4.18
            return kind(schema, resolver=offline_resolver(schema, self.documents))
        resources = [
            (name, Resource.from_contents(document, default_specification=DRAFT202012))
            for name, document in self.documents.items()
        ]
        return kind(schema, registry=Registry().with_resources(resources))

    def named(self, reference):
        return self.validator({"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": reference})

    def check(self, validator, value, where):
        self.checked += 1
        errors = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        for error in errors[:5]:
            # Of an anyOf or oneOf, what is most likely meant.
            error = jsonschema.exceptions.best_match([error])
            path = "/".join(str(part) for part in error.absolute_path)
            message = error.message if len(error.message) <= 300 else error.message[:300] + "..."
            self.problem(f"{where} at /{path}", message)
        return not errors

    def check_schemas(self):
        for name, schema in self.documents.items():
            if not name.endswith(".schema.json"):
                continue
            self.checked += 1
            if schema.get("$id") != name:
                self.problem(name, f"its $id is {schema.get('$id')!r}, not its name")
            try:
                jsonschema.validators.validator_for(schema).check_schema(schema)
            except jsonschema.SchemaError as error:
                path = "/".join(str(part) for part in error.absolute_path)
                self.problem(f"{name} at /{path}", f"is no valid JSON Schema: {error.message[:300]}")
                continue
            self.check_references(name, schema)
            # The configuration's example is config/bridge.yaml.
            if not schema.get("examples") and name != "configuration.schema.json":
                self.problem(name, "has no examples")
            validator = self.validator(schema)
            for index, example in enumerate(schema.get("examples", [])):
                self.check(validator, example, f"{name} example {index + 1}")

    def check_references(self, name, document):
        """Every $ref in a document leads somewhere: in itself, or in a file of the folder."""
        self.checked += 1
        pending = [document]
        while pending:
            node = pending.pop()
            if isinstance(node, dict):
                reference = node.get("$ref")
                if isinstance(reference, str):
                    self.check_reference(name, document, reference)
                pending.extend(node.values())
            elif isinstance(node, list):
                pending.extend(node)

    def check_reference(self, name, document, reference):
        file, _, pointer = reference.partition("#")
        target = self.documents.get(file.removeprefix("./")) if file else document
        for part in pointer.split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            target = target.get(part) if isinstance(target, dict) else None
        if target is None:
            self.problem(name, f"$ref leads nowhere: {reference}")

    def check_asyncapi_examples(self):
        document = self.documents["asyncapi.yaml"]
        for name, message in document["components"]["messages"].items():
            for example in message.get("examples", []):
                payload = message["payload"]["$ref"].removeprefix("./")
                self.check(self.named(payload), example["payload"], f"asyncapi.yaml {name} example {example.get('name')}")

    def check_against_specifications(self, folder):
        for path, specification in (
            (SCHEMAS / "asyncapi.yaml", "asyncapi-3.0.0.json"),
            (ROOT / "docker-compose.yml", "compose-spec.json"),
        ):
            self.check(self.validator(load(folder / specification), jsonschema.Draft7Validator), load(path), path.name)

    def check_records(self, path, schema, message):
        """NDJSON: each line a value, or an object of `value` and `headers` (and `key`, `topic`, ...)."""
        values = self.named(schema)
        headers = self.named(f"asyncapi.yaml#/components/messages/{message}/headers")
        parts = {"key", "value", "headers", "topic", "partition", "offset", "timestamp"}
        count = 0
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                where = f"{path}:{number}"
                try:
                    record = json.loads(line, parse_constant=refuse_constant)
                except ValueError as error:
                    self.problem(where, f"is no JSON: {error}")
                    continue
                count += 1
                if isinstance(record, dict) and "value" in record and parts.issuperset(record):
                    if "headers" in record:
                        self.check(headers, record["headers"], f"{where} headers")
                    record = record["value"]
                self.check(values, record, f"{where} value")
        if count == 0:
            self.problem(path, "holds no record")


def main():
    parser = argparse.ArgumentParser(description="Checks schemas/, and records and files against it.")
    parser.add_argument("--requests", metavar="FILE", action="append", default=[], help="NDJSON of lookup requests")
    parser.add_argument("--integrations", metavar="FILE", action="append", default=[], help="NDJSON of integration records")
    parser.add_argument("--failures", metavar="FILE", action="append", default=[], help="NDJSON of failure records")
    parser.add_argument("--config", metavar="FILE", action="append", default=[], help="YAML configuration of the bridge")
    parser.add_argument("--tools", action="store_true", help="only tell whether the packages needed are there")
    arguments = parser.parse_args()
    if arguments.tools:
        return 0

    warnings.simplefilter("ignore", DeprecationWarning)
    checker = Checker()
    checker.check_schemas()
    for name in ("notifications-v1.openapi.yaml", "asyncapi.yaml"):
        checker.check_references(name, checker.documents[name])
    checker.check_asyncapi_examples()

    configurations = [Path(path) for path in arguments.config]
    if "configuration.schema.json" in checker.documents:
        shipped = ROOT / "config" / "bridge.yaml"
        configurations += [shipped] if shipped.exists() else []
        for path in configurations:
            checker.check(checker.named("configuration.schema.json"), load(path), path.name)
    elif configurations:
        checker.problem("schemas", "there is no configuration.schema.json to check a configuration against")

    for paths, schema, message in (
        (arguments.requests, "lookup-request.schema.json", "lookupRequest"),
        (arguments.integrations, "integration-record.schema.json", "integrationResolved"),
        (arguments.failures, "failure-record.schema.json", "integrationFailed"),
    ):
        for path in paths:
            checker.check_records(path, schema, message)

    if os.environ.get("SPEC_SCHEMAS"):
        checker.check_against_specifications(Path(os.environ["SPEC_SCHEMAS"]))

    for problem in checker.problems:
        print(problem, file=sys.stderr)
    summary = f"{checker.checked} checks, {len(checker.problems)} problems"
    print(f"schemas: {summary}")
    return 1 if checker.problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError) as error:
        sys.exit(f"check_schemas: {error}")
