"""The optional part: without it nothing of it exists and nothing points at it; with it, one way out and no way in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.infra.parts import Resources, deployed, target

NETWORK = {
    "Network": "AWS::EC2::VPC",
    "EgressSubnet": "AWS::EC2::Subnet",
    "EgressRoutes": "AWS::EC2::RouteTable",
    "EgressRoute": "AWS::EC2::Route",
    "EgressRouting": "AWS::EC2::SubnetRouteTableAssociation",
    "EgressOnly": "AWS::EC2::SecurityGroup",
    "AddressSubnet": "AWS::EC2::Subnet",
    "AddressRoutes": "AWS::EC2::RouteTable",
    "AddressRoute": "AWS::EC2::Route",
    "AddressRouting": "AWS::EC2::SubnetRouteTableAssociation",
    "Gateway": "AWS::EC2::InternetGateway",
    "Attached": "AWS::EC2::VPCGatewayAttachment",
    "Address": "AWS::EC2::EIP",
    "Nat": "AWS::EC2::NatGateway",
}
FUNCTION = {
    "Egress": "AWS::Serverless::Function",
    "EgressRole": "AWS::IAM::Role",
    "EgressLogs": "AWS::Logs::LogGroup",
    "EgressErrorsAlarm": "AWS::CloudWatch::Alarm",
}
TRANSFERRING = {"ApiRole", "WorkerRole", "OutboxRole"}


@pytest.fixture
def without(template: dict[str, Any]) -> dict[str, Any]:
    """What is deployed unless somebody asks for more."""
    return deployed(template, fixed_address=False)


@pytest.fixture
def whole(template: dict[str, Any]) -> dict[str, Any]:
    """What is deployed with a fixed address."""
    return deployed(template, fixed_address=True)


def named(value: Any) -> set[str]:
    """Everything that a part of a template refers to."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), str()]}:
            return {name}
        case {"Fn::Sub": str(text)}:
            return {name.partition(".")[0] for name in re.findall(r"\$\{([A-Za-z:.]+)}", text)}
        case dict():
            depends = value.get("DependsOn", [])
            return {*([depends] if isinstance(depends, str) else depends)}.union(*map(named, value.values()))
        case list():
            return set[str]().union(*map(named, value))
    return set()


def test_it_is_off_unless_asked_for(template: dict[str, Any]) -> None:
    assert template["Parameters"]["FixedAddress"]["Default"] == "false"
    assert template["Conditions"]["HasFixedAddress"] == {"Fn::Equals": [{"Ref": "FixedAddress"}, "true"]}


def test_these_resources_are_optional_and_no_others(whole: dict[str, Any], without: dict[str, Any]) -> None:
    added = {name: each["Type"] for name, each in whole["Resources"].items() if name not in without["Resources"]}
    assert added == NETWORK | FUNCTION
    assert set(whole["Outputs"]) - set(without["Outputs"]) == {"FixedAddress"}


def test_without_it_nothing_is_of_a_network_or_knows_of_the_function(without: dict[str, Any]) -> None:
    for name, resource in without["Resources"].items():
        assert not resource["Type"].startswith("AWS::EC2::"), name
        assert "VpcConfig" not in resource.get("Properties", {}), name
    assert "egress" not in str({**without["Resources"], "Outputs": without["Outputs"]})
    assert without["Globals"]["Function"]["Environment"]["Variables"]["RIPPLE_EGRESS_FUNCTION"] == ""


def test_what_is_referred_to_is_there_either_way(whole: dict[str, Any], without: dict[str, Any]) -> None:
    for stack in (whole, without):
        parts = {name: stack[name] for name in ("Globals", "Resources", "Outputs")}
        known = {*stack["Resources"], *stack["Parameters"]}
        assert {name for name in named(parts) - known if not name.startswith("AWS::")} == set()


def test_what_both_have_differs_in_a_right_and_in_the_picture_only(
    whole: dict[str, Any], without: dict[str, Any]
) -> None:
    differs = {n for n, resource in without["Resources"].items() if whole["Resources"][n] != resource}
    assert differs == {*TRANSFERRING, "Dashboard"}


def test_functions_are_told_its_name(whole: dict[str, Any]) -> None:
    told = whole["Globals"]["Function"]["Environment"]["Variables"]["RIPPLE_EGRESS_FUNCTION"]
    assert target(told) == target(whole["Resources"]["Egress"]["Properties"]["FunctionName"])


def test_nobody_else_is_in_the_network(resources: Resources) -> None:
    within = {name for name, resource in resources.items() if "VpcConfig" in resource.get("Properties", {})}
    assert within == {"Egress"}
    assert resources["Egress"]["Properties"]["VpcConfig"] == {
        "SubnetIds": [{"Ref": "EgressSubnet"}],
        "SecurityGroupIds": [{"Ref": "EgressOnly"}],
    }


def routed(resources: Resources, subnet: str) -> dict[str, Any]:
    """Where what leaves a subnet goes."""
    tables = {
        target(each["Properties"]["RouteTableId"])
        for each in resources.values()
        if each["Type"] == "AWS::EC2::SubnetRouteTableAssociation" and target(each["Properties"]["SubnetId"]) == subnet
    }
    [route] = [
        each["Properties"]
        for each in resources.values()
        if each["Type"] == "AWS::EC2::Route" and target(each["Properties"]["RouteTableId"]) in tables
    ]
    return {key: value for key, value in route.items() if key != "RouteTableId"}


def test_the_function_leaves_by_the_address_and_the_address_by_the_gateway(resources: Resources) -> None:
    everywhere = {"DestinationCidrBlock": "0.0.0.0/0"}
    assert routed(resources, "EgressSubnet") == everywhere | {"NatGatewayId": {"Ref": "Nat"}}
    assert routed(resources, "AddressSubnet") == everywhere | {"GatewayId": {"Ref": "Gateway"}}
    nat = resources["Nat"]["Properties"]
    assert target(nat["AllocationId"]) == "Address.AllocationId"
    assert target(nat["SubnetId"]) == "AddressSubnet"
    for name in ("AddressRoute", "Address", "Nat"):
        assert resources[name]["DependsOn"] == "Attached", "the gateway must be attached before anything uses it"
    zones = [resources[name]["Properties"]["AvailabilityZone"] for name in ("EgressSubnet", "AddressSubnet")]
    assert zones[0] == zones[1], "data between zones costs money"


def test_nothing_comes_in_and_only_https_goes_out(resources: Resources) -> None:
    group = resources["EgressOnly"]["Properties"]
    assert "SecurityGroupIngress" not in group
    [rule] = group["SecurityGroupEgress"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 443, 443)
    for name in ("EgressSubnet", "AddressSubnet"):
        assert "MapPublicIpOnLaunch" not in resources[name]["Properties"]


def test_the_address_is_told(whole: dict[str, Any]) -> None:
    assert whole["Outputs"]["FixedAddress"]["Value"] == {"Ref": "Address"}


def test_the_function_waits_no_longer_than_it_lives(resources: Resources) -> None:
    from chalicelib.wechat.billfile import FILE_SECONDS
    from chalicelib.wechat.http import CONNECT_SECONDS

    assert resources["Egress"]["Properties"]["Timeout"] > CONNECT_SECONDS + FILE_SECONDS
