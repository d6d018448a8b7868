"""Pulumi mocks that make the real thing: what has a data plane exists in the cloud afterwards."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pulumi
from pulumi.runtime import Mocks
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

from sandbox.addresses import DISTRIBUTION_DOMAIN, Addresses
from sandbox.autonaming import autonamed
from sandbox.cloud import Cloud
from sandbox.program import STACK_REFERENCE, Exports, proven_source

Inputs = dict[str, Any]
"""A resource's inputs under mocks: the provider's schema defines them, in camelCase."""
Made = tuple[str, Inputs]
"""A resource's id, and its outputs."""

NO_DATA_PLANE = frozenset(
    {
        "pulumi:providers:aws",
        # Encryption, lifecycle and ownership change nothing that can be seen on one machine.
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        # MiniStack's login page has one look.
        "aws:cognito/managedLoginBranding:ManagedLoginBranding",
        # Nobody is watched and nobody is told here.
        "aws:budgets/budget:Budget",
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:s3/bucketMetric:BucketMetric",
        "aws:sns/topic:Topic",
        "aws:sns/topicSubscription:TopicSubscription",
    }
)


_ASKED_AT_THE_END = (
    "deletionProtection",
    "deletionProtectionEnabled",
    "forceDestroy",
    "userPoolId",
)


class UnknownStackError(LookupError):
    """The program refers to a stack that there is not. The engine ends an update with the same."""


class UnknownResourceError(LookupError):
    """The program makes something that the sandbox does not know: teach it, or list it above."""


@dataclass(kw_only=True)
class Deployed:
    """What the gateway and Firehose need to know of what the program made. Plain JSON."""

    body: Inputs = field(default_factory=dict[str, Any])
    stage: str = ""
    stage_variables: dict[str, str] = field(default_factory=dict[str, str])
    throttle_rate: float = 10_000
    throttle_burst: int = 5_000
    method_limits: dict[str, tuple[float, int]] = field(
        default_factory=dict[str, tuple[float, int]]
    )
    web_acl: Inputs = field(default_factory=dict[str, Any])
    """What counts callers in front of the stage; empty for nothing."""
    delivery_streams: list[Inputs] = field(default_factory=list[Inputs])
    website: Inputs = field(default_factory=dict[str, Any])
    """Inputs of the distribution and what belongs to it: see `sandbox.website.distribution`."""
    texts: list[Inputs] = field(default_factory=list[Inputs])
    """Objects that the program wrote itself, which may name a URL: S3's PutObject of each."""
    made: list[tuple[str, str, Inputs]] = field(default_factory=list[tuple[str, str, Inputs]])
    """Type, id, and of the inputs what `destroy` asks for."""
    resources: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


class Deployer(Mocks):
    """Makes each resource of the program in the cloud, and answers with its real outputs."""

    def __init__(
        self, cloud: Cloud, addresses: Addresses, stacks: Mapping[str, Exports] | None = None
    ) -> None:
        """Make nothing yet.

        Args:
            cloud: Where.
            addresses: What stands for AWS's own.
            stacks: Exports by full name of the stacks that there are; None for one stack alone,
                for which any other has proven this release.
        """
        self.deployed = Deployed()
        self._stacks = stacks
        self._web_acls: dict[str, Inputs] = {}
        self._cloud = cloud
        self._clients: dict[str, Any] = {}
        self._addresses = addresses
        self._default_tags: dict[str, str] = {}
        self._makers: dict[str, Callable[[str, Inputs], Made]] = {
            "aws:apigateway/deployment:Deployment": self._deployment,
            "aws:apigateway/methodSettings:MethodSettings": self._method_settings,
            "aws:apigateway/restApi:RestApi": self._rest_api,
            "aws:apigateway/stage:Stage": self._stage,
            "aws:cloudfront/distribution:Distribution": self._distribution,
            "aws:cloudfront/function:Function": self._edge_function,
            "aws:cloudfront/originAccessControl:OriginAccessControl": self._access_control,
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": self._headers_policy,
            "aws:cloudwatch/logGroup:LogGroup": self._log_group,
            "aws:cloudwatch/logStream:LogStream": self._log_stream,
            "aws:cognito/userPool:UserPool": self._user_pool,
            "aws:cognito/userPoolClient:UserPoolClient": self._user_pool_client,
            "aws:cognito/userPoolDomain:UserPoolDomain": self._user_pool_domain,
            "aws:dynamodb/table:Table": self._table,
            "aws:iam/role:Role": self._role,
            "aws:iam/rolePolicy:RolePolicy": self._role_policy,
            "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": self._delivery_stream,
            "aws:kinesis/stream:Stream": self._stream,
            "aws:lambda/function:Function": self._function,
            "aws:s3/bucket:Bucket": self._bucket,
            "aws:s3/bucketObjectv2:BucketObjectv2": self._object,
            "aws:s3/bucketPolicy:BucketPolicy": self._bucket_policy,
            "aws:wafv2/webAcl:WebAcl": self._web_acl,
            "aws:wafv2/webAclAssociation:WebAclAssociation": self._web_acl_association,
        }

    def _client(self, service: str) -> Any:  # boto3 is untyped, and takes 50 ms to make one
        if service not in self._clients:
            self._clients[service] = self._cloud.client(service)
        return self._clients[service]

    def call(self, args: MockCallArgs) -> tuple[Inputs, None]:
        raise UnknownResourceError(
            f"the program looks up {args.token}: pass it in by configuration"
        )

    def new_resource(self, args: MockResourceArgs) -> Made:
        self.deployed.resources.append((args.typ, args.name))
        if args.typ == STACK_REFERENCE:
            inputs = cast("Inputs", args.inputs)
            return args.name, {**inputs, "outputs": self._exports_of(inputs["name"])}
        if args.typ == "pulumi:providers:aws":
            inputs = cast("Inputs", args.inputs)  # JSON, each in a string
            self._default_tags = json.loads(inputs.get("defaultTags", "{}")).get("tags", {})
        if not args.custom or args.typ in NO_DATA_PLANE:
            return f"{args.name}-id", _whole_numbers(args.inputs)
        if args.typ not in self._makers:
            raise UnknownResourceError(
                f"the sandbox cannot make {args.typ} ({args.name!r}): teach sandbox/deployer.py, "
                "or list it there in NO_DATA_PLANE"
            )
        inputs = self._addresses.local(_whole_numbers(args.inputs))
        id_, outputs = self._makers[args.typ](args.name, inputs)
        kept = {name: inputs[name] for name in _ASKED_AT_THE_END if name in inputs}
        self.deployed.made.append((args.typ, id_, kept))
        return id_, outputs

    def _exports_of(self, stack: str) -> Exports:
        if self._stacks is None:
            return proven_source()
        if stack not in self._stacks:
            raise UnknownStackError(f"unknown stack {stack!r}")
        return self._stacks[stack]

    def _tags(self, inputs: Inputs) -> dict[str, str]:
        """Return the provider's `defaultTags`, and over them the resource's own."""
        return {**self._default_tags, **inputs.get("tags", {})}

    def _stream(self, name: str, inputs: Inputs) -> Made:
        kinesis = self._client("kinesis")
        stream = _physical(name, inputs)
        kinesis.create_stream(StreamName=stream, ShardCount=inputs["shardCount"])
        kinesis.get_waiter("stream_exists").wait(
            StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
        if tags := self._tags(inputs):
            kinesis.add_tags_to_stream(StreamName=stream, Tags=tags)
        summary = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
        return stream, {**inputs, "name": stream, "arn": summary["StreamARN"]}

    def _table(self, name: str, inputs: Inputs) -> Made:
        dynamodb = self._client("dynamodb")
        table = _physical(name, inputs)
        described = dynamodb.create_table(
            TableName=table,
            BillingMode=inputs["billingMode"],
            Tags=_pairs(self._tags(inputs)),
            KeySchema=_key_schema(inputs["hashKey"], inputs["rangeKey"]),
            AttributeDefinitions=[
                {"AttributeName": one["name"], "AttributeType": one["type"]}
                for one in inputs["attributes"]
            ],
            LocalSecondaryIndexes=[
                {
                    "IndexName": index["name"],
                    "KeySchema": _key_schema(inputs["hashKey"], index["rangeKey"]),
                    "Projection": {"ProjectionType": index["projectionType"]},
                }
                for index in inputs["localSecondaryIndexes"]
            ],
        )["TableDescription"]
        ttl = inputs["ttl"]
        dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={
                "AttributeName": ttl["attributeName"],
                "Enabled": ttl["enabled"],
            },
        )
        return table, {**inputs, "name": table, "arn": described["TableArn"]}

    def _bucket(self, name: str, inputs: Inputs) -> Made:
        bucket = _physical(name, inputs, "bucket")
        self._client("s3").create_bucket(
            Bucket=bucket,
            CreateBucketConfiguration={"LocationConstraint": self._cloud.region},
        )
        if tags := _pairs(self._tags(inputs)):
            self._client("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
        return bucket, {
            **inputs,
            "bucket": bucket,
            "arn": f"arn:aws:s3:::{bucket}",
            "bucketRegionalDomainName": f"{bucket}.s3.{self._cloud.region}.amazonaws.com",
        }

    def _object(self, _: str, inputs: Inputs) -> Made:
        about = {
            "Bucket": inputs["bucket"],
            "Key": inputs["key"],
            "ContentType": inputs["contentType"],
            "CacheControl": inputs["cacheControl"],
            "Tagging": urlencode(self._tags(inputs)),
        }
        if "content" in inputs:
            text = {**about, "Body": inputs["content"]}
            self.deployed.texts.append(text)
            self._client("s3").put_object(**text)
        else:
            body = Path(cast("pulumi.FileAsset", inputs["source"]).path).read_bytes()
            self._client("s3").put_object(**about, Body=body)
        return f"{inputs['bucket']}/{inputs['key']}", dict(inputs)

    def _bucket_policy(self, _: str, inputs: Inputs) -> Made:
        # S3 need not know: the sandbox's S3 has no public side, and what CloudFront may, the site's
        # own server looks up here.
        if inputs["bucket"] == self.deployed.website.get("bucket"):
            self.deployed.website["policy"] = inputs["policy"]
        return inputs["bucket"], dict(inputs)

    def _access_control(self, name: str, inputs: Inputs) -> Made:
        self.deployed.website["access"] = inputs
        return f"{name}-access", {**inputs, "name": _physical(name, inputs)}

    def _headers_policy(self, name: str, inputs: Inputs) -> Made:
        self.deployed.website["headers"] = inputs
        return f"{name}-headers", {**inputs, "name": _physical(name, inputs)}

    def _edge_function(self, name: str, inputs: Inputs) -> Made:
        self.deployed.website["function"] = inputs
        function = _physical(name, inputs)
        arn = f"arn:aws:cloudfront::000000000000:function/{function}"
        return function, {**inputs, "name": function, "arn": arn}

    def _distribution(self, name: str, inputs: Inputs) -> Made:
        self._addresses.site_domains.extend(inputs["aliases"])
        arn = f"arn:aws:cloudfront::000000000000:distribution/{name}"
        bucket = inputs["origins"][0]["domainName"].split(".s3.")[0]
        website = self.deployed.website
        website |= {"bucket": bucket, "distribution": {**inputs, "arn": arn}}
        return name, {**inputs, "arn": arn, "domainName": DISTRIBUTION_DOMAIN}

    def _role(self, name: str, inputs: Inputs) -> Made:
        role = _physical(name, inputs)
        made = self._client("iam").create_role(
            RoleName=role,
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            Tags=_pairs(self._tags(inputs)),
        )["Role"]
        return role, {**inputs, "name": role, "arn": made["Arn"]}

    def _role_policy(self, name: str, inputs: Inputs) -> Made:
        policy = _physical(name, inputs)
        self._client("iam").put_role_policy(
            RoleName=inputs["role"], PolicyName=policy, PolicyDocument=inputs["policy"]
        )
        return f"{inputs['role']}:{policy}", {**inputs, "name": policy}

    def _log_group(self, name: str, inputs: Inputs) -> Made:
        group = _physical(name, inputs)
        logs = self._client("logs")
        tags = self._tags(inputs)
        logs.create_log_group(logGroupName=group, **({"tags": tags} if tags else {}))
        logs.put_retention_policy(logGroupName=group, retentionInDays=inputs["retentionInDays"])
        arn = f"arn:aws:logs:{self._cloud.region}:000000000000:log-group:{group}"
        return group, {**inputs, "name": group, "arn": arn}

    def _log_stream(self, name: str, inputs: Inputs) -> Made:
        stream = _physical(name, inputs)
        group = inputs["logGroupName"]
        self._client("logs").create_log_stream(logGroupName=group, logStreamName=stream)
        arn = (
            f"arn:aws:logs:{self._cloud.region}:000000000000:log-group:{group}:log-stream:{stream}"
        )
        return stream, {**inputs, "name": stream, "arn": arn}

    def _user_pool(self, name: str, inputs: Inputs) -> Made:
        pool_name = _physical(name, inputs)
        policy = inputs["passwordPolicy"]
        pool = self._client("cognito-idp").create_user_pool(
            PoolName=pool_name,
            UserPoolTags=self._tags(inputs),
            UsernameAttributes=inputs["usernameAttributes"],
            UsernameConfiguration={
                "CaseSensitive": inputs["usernameConfiguration"]["caseSensitive"]
            },
            UserAttributeUpdateSettings={
                "AttributesRequireVerificationBeforeUpdate": inputs["userAttributeUpdateSettings"][
                    "attributesRequireVerificationBeforeUpdates"
                ]
            },
            AutoVerifiedAttributes=inputs["autoVerifiedAttributes"],
            AdminCreateUserConfig={
                "AllowAdminCreateUserOnly": inputs["adminCreateUserConfig"][
                    "allowAdminCreateUserOnly"
                ]
            },
            Policies={
                "PasswordPolicy": {
                    "MinimumLength": policy["minimumLength"],
                    "RequireLowercase": policy["requireLowercase"],
                    "RequireUppercase": policy["requireUppercase"],
                    "RequireNumbers": policy["requireNumbers"],
                    "RequireSymbols": policy["requireSymbols"],
                }
            },
        )["UserPool"]
        self._client("cognito-idp").set_user_pool_mfa_config(
            UserPoolId=pool["Id"],
            SoftwareTokenMfaConfiguration={
                "Enabled": inputs["softwareTokenMfaConfiguration"]["enabled"]
            },
            MfaConfiguration=inputs["mfaConfiguration"],
        )
        endpoint = f"cognito-idp.{self._cloud.region}.amazonaws.com/{pool['Id']}"
        return pool["Id"], {**inputs, "name": pool_name, "arn": pool["Arn"], "endpoint": endpoint}

    def _user_pool_client(self, name: str, inputs: Inputs) -> Made:
        client = self._client("cognito-idp").create_user_pool_client(
            UserPoolId=inputs["userPoolId"],
            ClientName=_physical(name, inputs),
            GenerateSecret=inputs["generateSecret"],
            AllowedOAuthFlowsUserPoolClient=inputs["allowedOauthFlowsUserPoolClient"],
            AllowedOAuthFlows=inputs["allowedOauthFlows"],
            AllowedOAuthScopes=inputs["allowedOauthScopes"],
            SupportedIdentityProviders=inputs["supportedIdentityProviders"],
            CallbackURLs=inputs["callbackUrls"],
            LogoutURLs=inputs["logoutUrls"],
            # What the sandbox's own `token` command signs in by, besides the program's flows.
            ExplicitAuthFlows=sorted(
                {*inputs["explicitAuthFlows"], "ALLOW_ADMIN_USER_PASSWORD_AUTH"}
            ),
            RefreshTokenRotation={
                "Feature": inputs["refreshTokenRotation"]["feature"],
                "RetryGracePeriodSeconds": inputs["refreshTokenRotation"][
                    "retryGracePeriodSeconds"
                ],
            },
            IdTokenValidity=inputs["idTokenValidity"],
            AccessTokenValidity=inputs["accessTokenValidity"],
            RefreshTokenValidity=inputs["refreshTokenValidity"],
            TokenValidityUnits={
                "IdToken": inputs["tokenValidityUnits"]["idToken"],
                "AccessToken": inputs["tokenValidityUnits"]["accessToken"],
                "RefreshToken": inputs["tokenValidityUnits"]["refreshToken"],
            },
        )["UserPoolClient"]
        return client["ClientId"], dict(inputs)

    def _user_pool_domain(self, _: str, inputs: Inputs) -> Made:
        self._client("cognito-idp").create_user_pool_domain(
            Domain=inputs["domain"], UserPoolId=inputs["userPoolId"]
        )
        return inputs["domain"], dict(inputs)

    def _function(self, name: str, inputs: Inputs) -> Made:
        function = _physical(name, inputs)
        client = self._client("lambda")
        made = client.create_function(
            FunctionName=function,
            Tags=self._tags(inputs),
            Runtime=inputs["runtime"],
            Handler=inputs["handler"],
            Role=inputs["role"],
            Architectures=inputs["architectures"],
            MemorySize=inputs["memorySize"],
            Timeout=inputs["timeout"],
            Environment={"Variables": inputs["environment"]["variables"] | self._s3_variables()},
            LoggingConfig={
                "LogFormat": inputs["loggingConfig"]["logFormat"],
                "LogGroup": inputs["loggingConfig"]["logGroup"],
            },
            Code={"ZipFile": zipped(inputs["code"])},
        )
        _await(
            lambda: client.get_function(FunctionName=function)["Configuration"]["State"] == "Active"
        )
        return function, {**inputs, "name": function, "arn": made["FunctionArn"]}

    def _s3_variables(self) -> dict[str, str]:
        # https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
        return {"AWS_ENDPOINT_URL_S3": self._addresses.s3} if self._addresses.s3 else {}

    def _delivery_stream(self, name: str, inputs: Inputs) -> Made:
        delivery_stream = _physical(name, inputs)
        self.deployed.delivery_streams.append({**inputs, "name": delivery_stream})
        arn = f"arn:aws:firehose:{self._cloud.region}:000000000000:deliverystream/{delivery_stream}"
        return arn, {**inputs, "name": delivery_stream, "arn": arn}

    def _rest_api(self, name: str, inputs: Inputs) -> Made:
        self.deployed.body = json.loads(inputs["body"])
        return "sandbox", {**inputs, "name": _physical(name, inputs)}

    def _deployment(self, name: str, inputs: Inputs) -> Made:
        return f"{name}-{inputs['triggers']['body'][:7]}", dict(inputs)

    def _stage(self, name: str, inputs: Inputs) -> Made:
        self.deployed.stage = inputs["stageName"]
        self.deployed.stage_variables = inputs["variables"]
        return f"{name}-stage", {
            **inputs,
            "arn": f"arn:aws:apigateway:{self._cloud.region}::/restapis/sandbox/stages/{name}",
            "invokeUrl": f"{self._addresses.api}/{inputs['stageName']}",
        }

    def _method_settings(self, name: str, inputs: Inputs) -> Made:
        settings = inputs["settings"]
        rate, burst = settings["throttlingRateLimit"], settings["throttlingBurstLimit"]
        if inputs["methodPath"] == "*/*":
            self.deployed.throttle_rate, self.deployed.throttle_burst = rate, burst
        else:
            self.deployed.method_limits[inputs["methodPath"]] = (rate, burst)
        return f"{name}-settings", dict(inputs)

    def _web_acl(self, name: str, inputs: Inputs) -> Made:
        acl = _physical(name, inputs)
        arn = f"arn:aws:wafv2:{self._cloud.region}:000000000000:regional/webacl/{acl}/sandbox"
        self._web_acls[arn] = inputs
        return acl, {**inputs, "name": acl, "arn": arn}

    def _web_acl_association(self, name: str, inputs: Inputs) -> Made:
        self.deployed.web_acl = self._web_acls[inputs["webAclArn"]]
        return f"{name}-association", dict(inputs)


def zipped(archive: object) -> bytes:
    """Return the zip file that Pulumi would upload for an archive of files.

    Raises:
        UnknownResourceError: It holds something else than files.
    """
    if not isinstance(archive, pulumi.AssetArchive):
        raise UnknownResourceError(f"the sandbox packs an AssetArchive only, got {type(archive)}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path, asset in sorted(archive.assets.items()):
            if not isinstance(asset, pulumi.FileAsset):
                raise UnknownResourceError(f"the sandbox packs files only, {path} is {type(asset)}")
            file.write(asset.path, path)
    return packed.getvalue()


def _whole_numbers(value: Any) -> Any:
    """Return JSON with its integers as such: every number reaches a mock as a float."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {key: _whole_numbers(one) for key, one in members.items()}
    if isinstance(value, list):
        return [_whole_numbers(one) for one in cast("list[Any]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _physical(name: str, inputs: Inputs, key: str = "name") -> str:
    """Return the resource's own name, or one as Pulumi makes it."""
    given: str = inputs.get(key, "")
    return given or autonamed(name, project=pulumi.get_project(), stack=pulumi.get_stack())


def _pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _key_schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


def _await(done: Callable[[], bool], timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"a resource was not ready after {timeout_s:.0f} s")
        time.sleep(0.05)
