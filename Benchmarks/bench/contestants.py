"""The programs that are compared: how each is started."""

import os


class Bridge:
    """The bridge as it is shipped, with its default settings and those in `extra`."""

    ends_by_signal = True

    def __init__(self, name="bridge", **extra):
        self.name, self.extra = name, extra

    def command(self, bench, job):
        settings = {
            "KAFKA_BOOTSTRAP_SERVERS": bench.kafka.servers, "REQUESTS_TOPICS": job.requests, "REQUESTS_GROUP_ID": job.group,
            "INTEGRATIONS_TOPIC": job.integrations, "FAILURES_TOPIC": job.failures,
            "API_BASE_URL": job.api or "http://127.0.0.1:9", "API_AUTH": "none", **self.extra,
        }
        empty = os.path.join(bench.folder, "empty.yaml")
        open(empty, "w").close()
        return [bench.binary, "run", "--config", empty], {"INTEGRATION_BRIDGE_" + key: value for key, value in settings.items()}


class Peer:
    """One of the C programs in `peers`; it ends by itself."""

    ends_by_signal = False

    def __init__(self, name):
        self.name = name

    def command(self, bench, job):
        options = {"servers": bench.kafka.servers, "group": job.group, "requests": job.requests, "count": job.count,
                   "integrations": job.integrations, "failures": job.failures, "documents": job.documents,
                   "failure": job.failure, "api": job.api}
        command = [bench.peer(self.name)]
        for option, value in options.items():
            if value:
                command += ["--" + option, str(value)]
        return command + bench.peer_options, dict(bench.peer_environment)
