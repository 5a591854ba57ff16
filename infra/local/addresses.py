"""The embedded AWS has fixed addresses and NAT gateways, but its CloudFormation cannot make them: here it learns to.

Nothing passes through them: functions of the embedded AWS reach this machine as they do without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Made = tuple[str, dict[str, str]]
"""What ``Ref`` says of a resource, and its attributes."""


def teach(provisioners: Any) -> None:
    """Let templates have the two kinds of resources that infra/fixed_address.yaml needs beside those that are known."""
    ec2 = provisioners._ec2

    def allocate(logical_id: str, properties: dict[str, Any], stack: str) -> Made:
        allocation = _new(ec2._addresses, lambda: ec2._allocate_address({"Domain": properties["Domain"]}))
        address = ec2._addresses[allocation]["PublicIp"]
        return address, {"AllocationId": allocation, "PublicIp": address}

    def release(address: str, properties: dict[str, Any]) -> None:
        [allocation] = [name for name, each in ec2._addresses.items() if each["PublicIp"] == address]
        ec2._release_address({"AllocationId": allocation})

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Made:
        asked = {name: properties[name] for name in ("SubnetId", "AllocationId")}
        gateway = _new(ec2._nat_gateways, lambda: ec2._create_nat_gateway(asked))
        return gateway, {"NatGatewayId": gateway}

    def delete(gateway: str, properties: dict[str, Any]) -> None:
        ec2._delete_nat_gateway({"NatGatewayId": gateway})

    provisioners._RESOURCE_HANDLERS["AWS::EC2::EIP"] = {"create": allocate, "delete": release}
    provisioners._RESOURCE_HANDLERS["AWS::EC2::NatGateway"] = {"create": create, "delete": delete}


def _new(known: Any, make: Callable[[], object]) -> str:
    before = set(known)
    make()
    [name] = set(known) - before
    return str(name)
