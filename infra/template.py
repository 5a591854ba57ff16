"""The template's own parts: read from the YAML files beside this one, joined, and finished after Chalice has packaged.

Chalice writes the functions and the API; `additions` is what is merged into that; `finish` points the functions at an
artefact named by parameters, so that template and artefact are the same bytes in every stage.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from chalice.package import TemplateDeepMerger, YAMLTemplateSerializer

HERE = Path(__file__).parent
THROTTLES = (("/v1/login", "Login"), ("/v1/tokens/refresh", "Login"), ("/v1/admin/", "Admin"))
"""Which routes, by the beginning of their path, have limits of their own, and the parameters that set these."""

DRAWS = "Pictures"
"""The function whose artefact holds what draws, beside what the others have."""

Template = dict[str, Any]


def read(name: str) -> Any:
    """One of the YAML files, with short intrinsics (``!Ref``) written out."""
    return YAMLTemplateSerializer().load_template((HERE / name).read_text(encoding="utf-8"), name)


def additions() -> Template:
    """Everything that is merged into the packaged template."""
    merge = TemplateDeepMerger().merge
    joined: Template = {}
    for part in (
        read("resources.yaml"),
        read("fixed_address.yaml"),
        read("policies.yaml"),
        _alarms(read("alarms.yaml")),
        _gateway(read("gateway_responses.yaml")),
    ):
        joined = merge(part, joined)
    return joined


def finish(packaged: Template) -> Template:
    """The packaged template as it is deployed: code by parameter, and the routes' own throttles."""
    api = packaged["Resources"]["RestAPI"]["Properties"]
    api["MethodSettings"] += _throttles(api["DefinitionBody"]["paths"])
    for name, resource in packaged["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            key = "PictureCodeKey" if name == DRAWS else "CodeKey"
            resource["Properties"]["CodeUri"] = {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": key}}
    return packaged


def _throttles(paths: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Settings of the routes that `THROTTLES` names. API Gateway wants escaped slashes, the embedded AWS plain."""
    return [
        {
            "ResourcePath": {"Fn::If": ["IsLocal", path, "/" + path.replace("/", "~1")]},
            "HttpMethod": method.upper(),
            "ThrottlingRateLimit": {"Ref": f"{kind}ThrottleRate"},
            "ThrottlingBurstLimit": {"Ref": f"{kind}ThrottleBurst"},
        }
        for path, methods in sorted(paths.items())
        for beginning, kind in THROTTLES
        if path.startswith(beginning)
        for method in sorted(methods)
    ]


def dump(template: Template) -> str:
    """The template as YAML: the same text for the same content."""
    text: str = yaml.dump(template, Dumper=_Plain, allow_unicode=True, width=120)
    return text


class _Plain(yaml.SafeDumper):  # type: ignore[misc]
    """Writes repeated parts out: CloudFormation reads no YAML anchors in every place."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def gateway_response(entry: dict[str, Any]) -> dict[str, Any]:
    """A gateway response's status, headers and body template from its line in gateway_responses.yaml.

    Families (DEFAULT_4XX, DEFAULT_5XX) keep the status of the case at hand, which their body leaves to the status line.
    """
    code: str = entry["code"]
    problem: dict[str, Any] = {"type": f"urn:ripple:problem:{code}", "title": code.replace("_", " ").capitalize()}
    if "status" in entry:
        problem["status"] = entry["status"]
    problem |= {
        "code": code,
        "detail": {"zh": entry["zh"], "en": entry["en"]},
        "request_id": "$context.requestId",
    }
    headers = {"Content-Type": "'application/problem+json'", "Cache-Control": "'no-store'"}
    if "retry_after" in entry:
        headers["Retry-After"] = f"'{entry['retry_after']}'"
    response: dict[str, Any] = {"headers": headers, "body": json.dumps(problem)}
    return response | ({"status": entry["status"]} if "status" in entry else {})


def _gateway(entries: list[dict[str, Any]]) -> Template:
    """Both forms of every gateway response: the API's own property, and resources where only those are understood."""
    as_property: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    for entry in entries:
        response = gateway_response(entry)
        templates = {"application/json": response["body"]}
        status = {"StatusCode": str(response["status"])} if "status" in response else {}
        as_property[entry["type"]] = status | {
            "ResponseParameters": {"Headers": response["headers"]},
            "ResponseTemplates": templates,
        }
        # The embedded AWS makes resources in the order of their names and freezes responses at RestAPI's deployment.
        resources["GatewayResponse" + _logical(entry["type"].lower().replace("_", "-"))] = {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Condition": "IsLocal",
            "Properties": status
            | {
                "RestApiId": {"Ref": "RestAPI"},
                "ResponseType": entry["type"],
                "ResponseParameters": {f"gatewayresponse.header.{k}": v for k, v in response["headers"].items()},
                "ResponseTemplates": templates,
            },
        }
    resources["RestAPI"] = {"Properties": {"GatewayResponses": as_property}}
    return {"Resources": resources}


def _alarms(watch: dict[str, Any]) -> Template:
    resources = {_logical(entry["name"]) + "Alarm": _alarm(entry) for entry in watch["alarms"]}
    always = [name for name, alarm in resources.items() if "Condition" not in alarm]
    [condition] = {alarm["Condition"] for alarm in resources.values() if "Condition" in alarm}
    whole, usual = (_board(names, watch["charts"]) for names in (list(resources), always))
    resources["Dashboard"] = {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {
            "DashboardName": {"Fn::Sub": "ripple-${Stage}"},
            # A text cannot name what is not there: one with the alarms that are optional, one without.
            "DashboardBody": {"Fn::If": [condition, whole, usual]},
        },
    }
    return {"Resources": resources}


def _board(alarms: list[str], charts: list[dict[str, Any]]) -> Template:
    widgets = [_alarm_list(alarms)] + [_chart(n, chart) for n, chart in enumerate(charts)]
    return {"Fn::Sub": json.dumps({"widgets": widgets})}


def _alarm(entry: dict[str, Any]) -> Template:
    namespace, metric = entry["metric"].rsplit("/", 1)
    dimensions = entry.get("of", {"Stage": "${Stage}"})
    return {
        "Type": "AWS::CloudWatch::Alarm",
        **({"Condition": entry["if"]} if "if" in entry else {}),
        "Properties": {
            "AlarmName": {"Fn::Sub": f"ripple-${{Stage}}-{entry['name']}"},
            "AlarmDescription": entry["why"],
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": _sub(value)} for name, value in dimensions.items()],
            "Statistic": entry["statistic"],
            "Period": 60,
            "EvaluationPeriods": entry.get("periods", 1),
            "Threshold": entry["threshold"],
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": entry.get("silence", "notBreaching"),
            "AlarmActions": [{"Ref": "AlarmTopic"}],
            "OKActions": [{"Ref": "AlarmTopic"}],
        },
    }


def _alarm_list(alarms: list[str]) -> dict[str, Any]:
    arns = [f"${{{name}.Arn}}" for name in alarms]
    return {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": 24,
        "height": 4,
        "properties": {"title": "What needs a person", "alarms": arns},
    }


def _chart(n: int, chart: dict[str, Any]) -> dict[str, Any]:
    properties = {
        "title": chart["title"],
        "metrics": chart["lines"],
        "stat": chart["statistic"],
        "period": 60,
        "region": "${AWS::Region}",
        "view": "timeSeries",
    }
    return {
        "type": "metric",
        "x": n % 2 * 12,
        "y": 4 + n // 2 * 6,
        "width": 12,
        "height": 6,
        "properties": properties,
    }


def _sub(value: str) -> Any:
    return {"Fn::Sub": value} if "${" in value else value


def _logical(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))
