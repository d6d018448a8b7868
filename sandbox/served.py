"""Resources of services for which the sandbox itself stands in: they are noted, not created."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import urlencode

import pulumi

from resource_types.in_sandbox import Inputs, Made, Requested
from sandbox.addresses import DISTRIBUTION_DOMAIN, Addresses
from sandbox.deployed import Deployed


class ServedResources:
    """Notes in `Deployed` what the gateway, Firehose and the website serve."""

    makers: Mapping[str, Callable[[Requested], Made]]
    """By type; each returns the resource's id and outputs."""

    def __init__(
        self, deployed: Deployed, addresses: Addresses, client: Callable[[str], Any]
    ) -> None:
        self._deployed = deployed
        self._addresses = addresses
        self._client = client
        self._web_acls: dict[str, Inputs] = {}
        self.makers = MappingProxyType(
            {
                "aws:apigateway/deployment:Deployment": _deployment,
                "aws:apigateway/methodSettings:MethodSettings": self._method_settings,
                "aws:apigateway/restApi:RestApi": self._rest_api,
                "aws:apigateway/stage:Stage": self._stage,
                "aws:cloudfront/distribution:Distribution": self._distribution,
                "aws:cloudfront/function:Function": self._edge_function,
                "aws:cloudfront/originAccessControl:OriginAccessControl": self._access_control,
                "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": self._headers_policy,
                "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": self._delivery_stream,
                "aws:s3/bucketObjectv2:BucketObjectv2": self._object,
                "aws:s3/bucketPolicy:BucketPolicy": self._bucket_policy,
                "aws:wafv2/webAcl:WebAcl": self._web_acl,
                "aws:wafv2/webAclAssociation:WebAclAssociation": self._web_acl_association,
            }
        )

    def _rest_api(self, requested: Requested) -> Made:
        self._deployed.body = json.loads(requested.inputs["body"])
        return "sandbox", {**requested.inputs, "name": requested.physical_name}

    def _stage(self, requested: Requested) -> Made:
        stage = requested.inputs["stageName"]
        self._deployed.stage = stage
        self._deployed.stage_variables = requested.inputs["variables"]
        return f"{requested.name}-stage", {
            **requested.inputs,
            "arn": requested.arn(),
            "invokeUrl": f"{self._addresses.api}/{stage}",
        }

    def _method_settings(self, requested: Requested) -> Made:
        settings, path = requested.inputs["settings"], requested.inputs["methodPath"]
        rate, burst = settings["throttlingRateLimit"], settings["throttlingBurstLimit"]
        if path == "*/*":
            self._deployed.throttle_rate, self._deployed.throttle_burst = rate, burst
        else:
            self._deployed.method_limits[path] = (rate, burst)
        return f"{requested.name}-settings", dict(requested.inputs)

    def _web_acl(self, requested: Requested) -> Made:
        acl, arn = requested.physical_name, requested.arn("sandbox")
        self._web_acls[arn] = requested.inputs
        return acl, {**requested.inputs, "name": acl, "arn": arn}

    def _web_acl_association(self, requested: Requested) -> Made:
        self._deployed.web_acl = self._web_acls[requested.inputs["webAclArn"]]
        return f"{requested.name}-association", dict(requested.inputs)

    def _delivery_stream(self, requested: Requested) -> Made:
        named = {**requested.inputs, "name": requested.physical_name}
        self._deployed.delivery_streams.append(named)
        return requested.arn(), {**named, "arn": requested.arn()}

    def _distribution(self, requested: Requested) -> Made:
        inputs, arn = requested.inputs, requested.arn(requested.name)
        self._addresses.site_domains.extend(inputs["aliases"])
        bucket = inputs["origins"][0]["domainName"].split(".s3.")[0]
        self._deployed.website |= {"bucket": bucket, "distribution": {**inputs, "arn": arn}}
        return requested.name, {**inputs, "arn": arn, "domainName": DISTRIBUTION_DOMAIN}

    def _edge_function(self, requested: Requested) -> Made:
        self._deployed.website["function"] = requested.inputs
        function = requested.physical_name
        return function, {**requested.inputs, "name": function, "arn": requested.arn()}

    def _access_control(self, requested: Requested) -> Made:
        self._deployed.website["access"] = requested.inputs
        return f"{requested.name}-access", {**requested.inputs, "name": requested.physical_name}

    def _headers_policy(self, requested: Requested) -> Made:
        policy = f"{requested.name}-headers"
        self._deployed.website.setdefault("headers", {})[policy] = requested.inputs
        return policy, {**requested.inputs, "name": requested.physical_name}

    def _bucket_policy(self, requested: Requested) -> Made:
        # S3 need not know: the sandbox's S3 has no public side, and the website's server reads the
        # permissions of CloudFront here.
        bucket = requested.inputs["bucket"]
        if bucket == self._deployed.website.get("bucket"):
            self._deployed.website["policy"] = requested.inputs["policy"]
        return bucket, dict(requested.inputs)

    def _object(self, requested: Requested) -> Made:
        inputs = requested.inputs
        request = {
            "Bucket": inputs["bucket"],
            "Key": inputs["key"],
            "ContentType": inputs["contentType"],
            "CacheControl": inputs["cacheControl"],
            "Tagging": urlencode(requested.tags),
        }
        if "content" in inputs:
            text = {**request, "Body": inputs["content"]}
            self._deployed.texts.append(text)
            self._client("s3").put_object(**text)
        else:
            body = Path(cast("pulumi.FileAsset", inputs["source"]).path).read_bytes()
            self._client("s3").put_object(**request, Body=body)
        return f"{inputs['bucket']}/{inputs['key']}", dict(inputs)


def _deployment(requested: Requested) -> Made:
    return f"{requested.name}-{requested.inputs['triggers']['body'][:7]}", dict(requested.inputs)
