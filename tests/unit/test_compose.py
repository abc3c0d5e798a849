"""docker-compose.yml, checked without a container engine: what can be read in the file and in the files it names.

Left to an engine: that images exist and containers start. Each rule is a function from a parsed compose file to its faults, so that
the second half of this module can plant a fault of every kind and see it found.
"""

from __future__ import annotations

import configparser
import copy
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
DEPLOY = CHECKOUT / "deploy"
Compose = dict[str, Any]

# name:version, the version holding at least two numbers; a digest may follow.
PINNED = re.compile(r"[a-z0-9./_-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?")
SECRET_KEY = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|(^|_)KEY(_|$)", re.IGNORECASE)
VARIABLE = re.compile(r"(?<!\$)\$(?:\{(\w+)([^}]*)\}|(\w+))")
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
# SimpleAuthManager's table is a path and carries no secret itself.
PATHS = {"AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"}


def load() -> Compose:
    return yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))


def services(compose: Compose) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from compose["services"].items()


def long_running(service: dict[str, Any]) -> bool:
    return service.get("restart") != "no"


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


# -- rules: each yields its faults ------------------------------------------------------------------------------------------------


def images(compose: Compose) -> Iterator[str]:
    for name, service in services(compose):
        if not PINNED.fullmatch(service.get("image", "")):
            yield f"{name}: image {service.get('image')!r} is not pinned to a version"
        if "build" in service and not (CHECKOUT / service["build"]["dockerfile"]).is_file():
            yield f"{name}: no {service['build']['dockerfile']}"


def healthchecks(compose: Compose) -> Iterator[str]:
    for name, service in services(compose):
        if long_running(service) and not service.get("healthcheck", {}).get("test"):
            yield f"{name}: no healthcheck"


def literal_secrets(compose: Compose) -> Iterator[str]:
    for name, service in services(compose):
        for key, value in (service.get("environment") or {}).items():
            allowed = re.fullmatch(r"\$\{\w+:\?[^}]*\}|/run/secrets/\w+", str(value)) or key in PATHS
            by_command = key.endswith("_CMD") and "/run/secrets/" in str(value)
            if SECRET_KEY.search(key) and not allowed and not by_command:
                yield f"{name}: {key} is written out"
            if re.search(r"://[^/@\s]*:[^/@\s%]+@", str(value)):
                yield f"{name}: {key} holds a URL with a password"
    for name, secret in compose.get("secrets", {}).items():
        if set(secret) != {"file"} or not secret["file"].startswith("./deploy/secrets/"):
            yield f"secret {name} is not a file below deploy/secrets"


def secret_names(compose: Compose) -> Iterator[str]:
    known, used = set(compose.get("secrets", {})), set()
    for name, service in services(compose):
        mounted = set(service.get("secrets", []))
        used |= mounted
        for missing in mounted - known:
            yield f"{name}: unknown secret {missing}"
        read = set(re.findall(r"/run/secrets/([\w.]*\w)", json.dumps(service)))
        script = "".join(path.read_text(encoding="utf-8") for path in mounted_files(service))
        for missing in (read | set(re.findall(r"/run/secrets/([\w.]*\w)", script if path_is_script(service) else ""))) - mounted:
            yield f"{name}: reads secret {missing}, which is not mounted"
    for orphan in known - used:
        yield f"secret {orphan} is mounted nowhere"


def mounted_files(service: dict[str, Any]) -> Iterator[Path]:
    for volume in service.get("volumes", []):
        if volume["type"] == "bind" and (CHECKOUT / volume["source"]).is_file():
            yield CHECKOUT / volume["source"]


def path_is_script(service: dict[str, Any]) -> bool:
    return any(path.suffix == ".sh" for path in mounted_files(service))


def variables(compose: Compose) -> Iterator[str]:
    example = dict(line.split("=", 1) for line in (DEPLOY / ".env.example").read_text().splitlines() if line and not line.startswith("#"))
    used = set()
    for text in strings(compose):
        for match in VARIABLE.finditer(text):
            name, rest = match[1] or match[3], match[2] or ""
            used.add(name)
            if name not in example:
                yield f"{name} is not in .env.example"
            if not rest.startswith(":?"):
                yield f"{name} is used without :?, so an empty value would pass"
    for name in example:
        if name not in used:
            yield f".env.example: {name} is used nowhere"
        if example[name]:
            yield f".env.example: {name} has a default"


def mounts(compose: Compose) -> Iterator[str]:
    for name, service in services(compose):
        for volume in service.get("volumes", []):
            if volume["type"] == "bind":
                if not (CHECKOUT / volume["source"]).exists():
                    yield f"{name}: nothing at {volume['source']}"
                # Only the job that makes the keys writes on the host, and only where secrets lie.
                if not volume.get("read_only") and (name, volume["source"]) != ("keys", "./deploy/secrets"):
                    yield f"{name}: {volume['source']} is mounted for writing"
            elif volume["source"] not in compose["volumes"]:
                yield f"{name}: unknown volume {volume['source']}"


def dependencies(compose: Compose) -> Iterator[str]:
    for name, service in services(compose):
        for target, how in service.get("depends_on", {}).items():
            if target not in compose["services"]:
                yield f"{name}: depends on {target}, which is no service"
            elif how.get("condition") not in CONDITIONS:
                yield f"{name}: depends on {target} under {how.get('condition')!r}"
            elif (how["condition"] == "service_completed_successfully") is long_running(compose["services"][target]):
                yield f"{name}: {how['condition']} never comes true for {target}"


def confinement(compose: Compose) -> Iterator[str]:
    for name, service in services(compose):
        if service.get("privileged") or service.get("pid") or service.get("ipc") or service.get("network_mode", "none") != "none":
            yield f"{name}: shares what belongs to the host"
        if service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", []):
            yield f"{name}: keeps capabilities or may gain some"
        if service.get("read_only") is not True:
            yield f"{name}: writes to its own image"
        root = str(service.get("user", "0")).split(":")[0] in ("0", "root")
        if root and (long_running(service) or service.get("network_mode") != "none"):
            yield f"{name}: runs as root"
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        if not {"cpus", "memory", "pids"} <= set(limits):
            yield f"{name}: no limits"


def ways_in(compose: Compose) -> Iterator[str]:
    for name, service in services(compose):
        for port in service.get("ports", []):
            if name != "api-server" or not str(port).startswith("127.0.0.1:"):
                yield f"{name}: publishes {port}"
        open_networks = [n for n in service.get("networks", []) if not (compose["networks"].get(n) or {}).get("internal")]
        if open_networks and name != "api-server":
            yield f"{name}: on the open network {open_networks[0]}"
        for network in service.get("networks", []):
            if network not in compose["networks"]:
                yield f"{name}: unknown network {network}"
    on_loans = {name for name, service in services(compose) if "loans" in service.get("networks", [])}
    on_edge = {name for name, service in services(compose) if "edge" in service.get("networks", [])}
    for name in on_loans & on_edge:
        yield f"{name}: joins the way in to the loan databases"


def keys_of_the_worker(compose: Compose) -> Iterator[str]:
    for name, service in services(compose):
        held = set(service.get("secrets", []))
        if held & {"keyring", "signing_key"} and not name.startswith("worker-"):
            yield f"{name}: holds a key that belongs to the worker"
        if name.startswith("worker-") and held & {"jwt_secret", "fernet_key", "airflow_pgpass"}:
            yield f"{name}: holds a key that belongs to Airflow"


def airflow_settings(compose: Compose) -> Iterator[str]:
    options = airflow_options()
    for name, service in services(compose):
        for key in service.get("environment") or {}:
            if not key.startswith("AIRFLOW__"):
                continue
            section, option = (part.lower() for part in key.removeprefix("AIRFLOW__").split("__", 1))
            plain = option.removesuffix("_cmd")
            if plain not in options.get(section, {}):
                yield f"{name}: {key} is no option of this Airflow"
            elif option != plain and not options[section][plain]:
                yield f"{name}: {key}: only sensitive options can be read from a command"


def airflow_options() -> dict[str, dict[str, bool]]:
    """Every option of the installed Airflow by section; True where it is sensitive. Reads its description, imports nothing of it."""
    spec = importlib.util.find_spec("airflow")
    assert spec is not None
    assert spec.submodule_search_locations
    templates = Path(spec.submodule_search_locations[0]) / "config_templates"
    described = yaml.safe_load((templates / "config.yml").read_text(encoding="utf-8"))
    options = {s: {o: bool(d.get("sensitive")) for o, d in content["options"].items()} for s, content in described.items()}
    # The Celery provider is in the image's lock, not in ours; Airflow ships the defaults of its options.
    fallback = configparser.ConfigParser(interpolation=None)
    fallback.read(templates / "provider_config_fallback_defaults.cfg", encoding="utf-8")
    for section in fallback.sections():
        options.setdefault(section, {}).update(dict.fromkeys(fallback[section], False))
    # get_provider_info() of apache-airflow-providers-celery 3.26.0: options without a default in that file.
    options["celery"] |= {"broker_url": True, "result_backend": True}
    options["celery_broker_transport_options"] = {"visibility_timeout": False}
    return options


RULES: list[Callable[[Compose], Iterator[str]]] = [
    images, healthchecks, literal_secrets, secret_names, variables, mounts, dependencies, confinement, ways_in, keys_of_the_worker,
    airflow_settings,
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_compose_file_keeps_the_rule(rule: Callable[[Compose], Iterator[str]]) -> None:
    assert list(rule(load())) == []


# -- and the rules can fail ---------------------------------------------------------------------------------------------------------


def _plant(path: str, value: Any) -> Callable[[Compose], None]:
    def plant(compose: Compose) -> None:
        *steps, last = path.split("/")
        place = compose
        for step in steps:
            place = place.setdefault(step, {})
        if value is None:
            del place[last]
        else:
            place[last] = value

    return plant


PLANTED = [
    (images, "services/redis/image", "redis:latest"),
    (images, "services/redis/image", "redis"),
    (images, "services/redis/image", "redis:8"),
    (images, "services/redis/image", "redis:8.8.3@sha256:abc"),
    (healthchecks, "services/archive/healthcheck", None),
    (literal_secrets, "services/redis/environment", {"REDIS_PASSWORD": "hunter2"}),
    (literal_secrets, "services/redis/environment", {"REDIS_PASSWORD": "${REDIS_PASSWORD:-hunter2}"}),
    (literal_secrets, "services/redis/environment", {"REDIS_PASSWORD": "${REDIS_PASSWORD}"}),
    (literal_secrets, "services/redis/environment", {"AIRFLOW__CELERY__BROKER_URL": "redis://:hunter2@redis:6379/0"}),
    (literal_secrets, "services/redis/environment", {"AIRFLOW__CORE__FERNET_KEY_CMD": "echo hunter2"}),
    (literal_secrets, "secrets/jwt_secret", {"environment": "JWT"}),
    (secret_names, "services/redis/secrets", []),
    (secret_names, "services/redis/secrets", ["redis_password", "unheard_of"]),
    (secret_names, "services/governance-db/secrets", ["governance_db_admin_password"]),
    (secret_names, "secrets/orphan", {"file": "./deploy/secrets/orphan"}),
    (variables, "services/redis/labels", {"a": "${UNHEARD_OF:?}"}),
    (variables, "services/redis/labels", {"a": "${LETHE_UID}"}),
    (variables, "services/redis/labels", {"a": "$LETHE_UID"}),
    (mounts, "services/redis/volumes", [{"type": "bind", "source": "./deploy/nothing", "target": "/x", "read_only": True}]),
    (mounts, "services/redis/volumes", [{"type": "bind", "source": "./deploy/lethe.yaml", "target": "/x"}]),
    (mounts, "services/redis/volumes", [{"type": "volume", "source": "nowhere", "target": "/x"}]),
    (dependencies, "services/redis/depends_on", {"nobody": {"condition": "service_started"}}),
    (dependencies, "services/redis/depends_on", {"archive": {"condition": "service_fine"}}),
    (dependencies, "services/redis/depends_on", {"archive": {"condition": "service_completed_successfully"}}),
    (dependencies, "services/redis/depends_on", {"airflow-migrate": {"condition": "service_healthy"}}),
    (confinement, "services/redis/privileged", True),
    (confinement, "services/redis/network_mode", "host"),
    (confinement, "services/redis/user", "0:0"),
    (confinement, "services/redis/user", None),
    (confinement, "services/redis/read_only", None),
    (confinement, "services/redis/cap_drop", None),
    (confinement, "services/redis/deploy", None),
    (ways_in, "services/redis/ports", ["127.0.0.1:6379:6379"]),
    (ways_in, "services/api-server/ports", ["8080:8080"]),
    (ways_in, "services/loan-db/networks", ["loans", "edge"]),
    (ways_in, "services/api-server/networks", ["edge", "loans"]),
    (ways_in, "networks/loans", {}),
    (keys_of_the_worker, "services/scheduler/secrets", ["keyring"]),
    (keys_of_the_worker, "services/worker-samples/secrets", ["jwt_secret"]),
    (airflow_settings, "services/scheduler/environment", {"AIRFLOW__CORE__NO_SUCH_OPTION": "1"}),
    (airflow_settings, "services/scheduler/environment", {"AIRFLOW__CORE__EXECUTOR_CMD": "cat /run/secrets/x"}),
]


@pytest.mark.parametrize(("rule", "path", "value"), PLANTED, ids=lambda part: getattr(part, "__name__", str(part)[:40]))
def test_a_planted_fault_is_found(rule: Callable[[Compose], Iterator[str]], path: str, value: Any) -> None:
    compose = copy.deepcopy(load())
    _plant(path, value)(compose)
    assert list(rule(compose)) != []


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


# -- the whole file -------------------------------------------------------------------------------------------------------------------


def _specification() -> dict[str, Any]:
    """The Compose Specification's own JSON schema, as the package check-jsonschema carries it."""
    spec = importlib.util.find_spec("check_jsonschema")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("check-jsonschema, which carries the Compose Specification's schema, is not installed")
    package = Path(spec.submodule_search_locations[0])
    return json.loads((package / "builtin_schemas" / "vendor" / "compose-spec.json").read_text(encoding="utf-8"))


def test_the_file_is_of_the_compose_specification() -> None:
    schema = _specification()
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(load())] == []
    broken = load()
    broken["services"]["redis"]["helthcheck"] = {}
    assert list(validator.iter_errors(broken)) != []


def test_docker_compose_reads_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("the docker client with its compose plugin is not installed")
    names = re.findall(r"^(\w+)=", (DEPLOY / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    env = tmp_path / "env"
    env.write_text("".join(f"{name}=1000\n" for name in names), encoding="utf-8")
    words = [docker, "compose", "--project-directory", str(CHECKOUT), "--env-file", str(env), "config", "--quiet"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    env.write_text("", encoding="utf-8")
    assert subprocess.run(words, capture_output=True, check=False).returncode != 0
