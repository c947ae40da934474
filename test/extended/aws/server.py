"""AWS on this machine: moto's server, with Step Functions that execute, and Batch jobs that run the stage's command as
a process.

    python server.py PORT JOBS_FOLDER COMMAND...

COMMAND is the container's entry point; the job's own arguments follow it. Each patch says what it changes, and why.
"""

import fnmatch
import json
import os
import subprocess
import sys
import threading
import time
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

port, jobs_folder, *entry_point = sys.argv[1:]
os.environ["MOTO_PORT"] = port
# The calls of state machines and of jobs need some credentials.
os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")

import boto3  # noqa: E402
from moto.batch import models as batch  # noqa: E402
from moto.core.config import default_user_config  # noqa: E402
from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: E402
from moto.stepfunctions.parser.asl.component.state.choice.comparison.operator.implementations.is_operator import IsTimestamp  # noqa: E402
from moto.stepfunctions.parser.asl.jsonata import jsonata  # noqa: E402
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService  # noqa: E402

default_user_config["stepfunctions"]["execute_state_machine"] = True
folder = Path(jobs_folder)
folder.mkdir(parents=True, exist_ok=True)
processes = {}


class InstanceMetadata(BaseHTTPRequestHandler):
    """IMDSv2 of one job's instance: a Spot g4dn.xlarge, with an interruption notice once `notice` is set."""

    notice = False

    def do_PUT(self):
        self.answer(200, "token")

    def do_GET(self):
        values = {"instance-type": "g4dn.xlarge", "instance-life-cycle": "spot"}
        if type(self).notice:
            values["spot/instance-action"] = '{"action": "terminate", "time": "2026-01-31T12:02:00Z"}'
        value = values.get(self.path.removeprefix("/latest/meta-data/"))
        if self.headers.get("x-aws-ec2-metadata-token") != "token":
            self.answer(401, "")
        elif value is None:
            self.answer(404, "")
        else:
            self.answer(200, value)

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class TaskMetadata(InstanceMetadata):
    """ECS's metadata of a Fargate task, which has no instance."""

    size = {}

    def do_GET(self):
        if self.path == "/task":
            self.answer(200, json.dumps({"LaunchType": "FARGATE", "Limits": type(self).size}))
        else:
            self.answer(404, "")


def interruption(job, attempt):
    """How the check wants this attempt to be interrupted: `interruptions.json` holds {runId: [way of attempt 1, …]}."""
    file = folder / "interruptions.json"
    ways = json.loads(file.read_text()).get(job.parameters.get("runId"), []) if file.exists() else []
    return ways[attempt - 1] if job.job_name.startswith("train-") and attempt <= len(ways) else None


def has_trained(job):
    """True once an attempt has written a measurement, which means it is past its first checkpoint."""
    bucket = job.parameters["store"].removeprefix("s3://")
    client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1")
    found = client.list_objects_v2(Bucket=bucket, Prefix=f"runs/{job.parameters['runId']}/measurements/").get("KeyCount", 0)
    return found


def run_attempt(job, attempt):
    """Runs the container's command as a process, with its output as the log stream, and returns the exit code."""
    container = job.job_definition.container_properties
    command = [*entry_point, *job._add_parameters_to_command(container["command"])]
    resources = {each["type"]: float(each["value"]) for each in container["resourceRequirements"]}
    is_fargate = "GPU" not in resources
    size = {"CPU": resources["VCPU"], "Memory": resources["MEMORY"]}
    metadata = type("Metadata", (TaskMetadata,), {"size": size}) if is_fargate else type("Metadata", (InstanceMetadata,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), metadata)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME")},
        **{each["name"]: each["value"] for each in container["environment"]},
        **{each["name"]: each["value"] for each in (job.container_overrides or {}).get("environment", [])},
        **({"ECS_CONTAINER_METADATA_URI_V4": f"http://127.0.0.1:{server.server_port}"} if is_fargate else {}),
        # This machine overrides the cache folder and the engine of the definition's environment.
        "BAKEOFF_CACHE": str(folder / "cache"),
        "BAKEOFF_ENGINE": "wasm",
        "AWS_BATCH_JOB_ID": job.job_id,
        "AWS_BATCH_JOB_ATTEMPT": str(attempt),
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    way = interruption(job, attempt)
    before = has_trained(job) if way else 0
    told = False
    log = folder / f"{job.job_id}-{attempt}.log"
    with log.open("w") as output:
        process = processes[job.job_id] = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        while process.poll() is None:
            # Once, as a host does; a second signal would end the process at once.
            if job.stop and not told:
                process.terminate()
                told = True
            elif way and has_trained(job) > before:
                if way == "notice":
                    metadata.notice = True
                else:
                    process.terminate()
                way = None
            time.sleep(0.1)
    server.shutdown()
    record_attempt(job, attempt, process.returncode)
    publish_log(job, attempt, log.read_text())
    return process.returncode


def record_attempt(job, attempt, ending):
    """`ending` is the exit code, or why the job never started."""
    names = {"FargateSpot": "Fargate Spot", "Fargate": "Fargate", "OnDemand": "on demand", "Spot": "Spot"}
    queue = next(name for part, name in names.items() if part in job.job_queue.arn)
    with (folder / "attempts.jsonl").open("a") as history:
        history.write(json.dumps({"name": job.job_name, "attempt": attempt, "exitCode": ending, "queue": queue}) + "\n")


def publish_log(job, attempt, text):
    group = job.job_definition.container_properties["logConfiguration"]["options"]["awslogs-group"]
    job.log_stream_name = f"{job.job_name}/default/{job.job_id}-{attempt}"
    job._log_backend.ensure_log_group(group)
    job._log_backend.ensure_log_stream(group, job.log_stream_name)
    events = [{"timestamp": int(time.time() * 1000), "message": line} for line in text.splitlines()]
    if events:
        job._log_backend.put_log_events(group, job.log_stream_name, events)


def wants_retry(job, exit_code):
    """Batch's rule: the first condition that matches decides, and if none does, the job is retried."""
    strategy = job.job_definition.retry_strategy
    conditions = strategy.get("evaluateOnExit", [])
    for condition in conditions:
        given = [("onExitCode", str(exit_code)), ("onReason", ""), ("onStatusReason", "Essential container in task exited")]
        if all(fnmatch.fnmatchcase(value, condition[name]) for name, value in given if name in condition):
            return condition["action"].upper() == "RETRY"
    return True


def run_job(self):
    """Replaces Docker: runs the command on this machine, with the job definition's retries, which moto does not do."""
    capacity = folder / "no-spot-capacity.json"
    without = json.loads(capacity.read_text()) if capacity.exists() else []
    if self.parameters.get("runId") in without and "Spot" in self.job_queue.arn:
        # Batch ends only the first job of the queue by itself; the others wait until they are cancelled.
        self.status = "RUNNABLE"
        for _ in range(20 if self.parameters["runId"] == without[0] else 6000):
            time.sleep(0.1)
            if self.stop:
                break
        self.job_stopped_reason = self.job_stopped_reason or "Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"
        self._mark_stopped(success=False)
        record_attempt(self, 0, self.job_stopped_reason)
        return
    self.status = "RUNNING"
    self.job_started_at = datetime.now()
    limit = int(self.job_definition.retry_strategy.get("attempts", 1))
    for attempt in range(1, limit + 1):
        self._start_attempt()
        self.exit_code = run_attempt(self, attempt)
        self.latest_attempt["container"].update({"exitCode": self.exit_code, "logStreamName": self.log_stream_name})
        self.latest_attempt["statusReason"] = "Essential container in task exited"
        self.latest_attempt["stoppedAt"] = int(time.time() * 1000)
        if self.exit_code == 0 or self.stop or not wants_retry(self, self.exit_code):
            break
    if self.exit_code != 0:
        self.job_stopped_reason = self.job_stopped_reason or "Essential container in task exited"
    self._mark_stopped(success=self.exit_code == 0)


plain_describe = batch.Job.describe


def describe(self):
    """What Batch reports and moto omits: exit code and log configuration of the container."""
    described = plain_describe(self)
    described["container"]["logConfiguration"] = self.job_definition.container_properties["logConfiguration"]
    if self.exit_code is not None:
        described["container"]["exitCode"] = self.exit_code
    return described


def operation_model(task, service_name, action_name):
    api = boto3.client(task._get_boto_service_name(service_name), region_name="us-east-1")
    return api.meta.service_model.operation_model(api.meta.method_to_api_mapping[task._get_boto_service_action(action_name)])


def normalise_parameters(self, parameters, boto_service_name=None, service_action_name=None):
    """Step Functions spells every service's parameters `LikeThis`, and writes objects as JSON for text or bytes."""
    shape = operation_model(self, boto_service_name, service_action_name).input_shape
    if shape is not None:
        self._to_boto_request(parameters, shape)


def normalise_response(self, response, boto_service_name=None, service_action_name=None):
    shape = operation_model(self, boto_service_name, service_action_name).output_shape
    if shape is not None:
        self._from_boto_response(response, shape)


def evaluate_jsonata(expression):
    """moto evaluates JSONata with Java; the implementation in JavaScript is there anyway."""
    script = "const e = require('jsonata')(process.argv[1]); e.evaluate(null).then((v) => console.log(JSON.stringify(v ?? null)))"
    return json.loads(subprocess.run([entry_point[0], "-e", script, expression], check=True, capture_output=True, cwd=Path(entry_point[1]).parents[3]).stdout)


def string_to_timestamp(text):
    """Timestamps are those of RFC 3339, with fractions of seconds, which moto does not read."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None


IsTimestamp.string_to_timestamp = staticmethod(string_to_timestamp)
jsonata._eval_jsonata = evaluate_jsonata
batch.Job.run = run_job
batch.Job.describe = describe
# moto has these conversions in its interpreter, but never calls them.
StateTaskService._normalise_parameters = normalise_parameters
StateTaskService._normalise_response = normalise_response

ThreadedMotoServer("127.0.0.1", int(port), verbose=False).start()
print("ready", flush=True)
# Ends with the check that started it, and ends its jobs.
sys.stdin.read()
for process in processes.values():
    process.kill()
