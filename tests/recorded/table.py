"""What AWS was recorded to do, and what ours does about it: one row for each fact.

Not in here, for want of something to show it on:

- Whether an import warns of a status code that stands twice: not recorded. The program names each
  once, and the sandbox keeps the last.
- A groups claim arrives as text, bare, comma-joined or in brackets: the program reads no groups.
- A tag fence is no wall between stages in one account, as some actions ignore
  `aws:ResourceTag`: `tests/bootstrap` tries every recorded call against every role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tests.recorded import of_the_api, of_the_reader, of_the_sandbox, of_the_stack

_LOCALSTACK = "localstack/localstack: tests/aws/services/apigateway/"
_GATEWAY_DOCS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
_KNOWN_ISSUES = f"{_GATEWAY_DOCS}api-gateway-known-issues.html"


class Certainty(Enum):
    """How a fact is known."""

    RECORDED = "recorded on AWS"
    DOCUMENTED = "AWS's documentation"
    REPORTED = "a dated report of a third party"
    SEEN = "seen here, in a browser"
    OPEN = "not decided: ours must be right under each answer"


@dataclass(frozen=True, kw_only=True)
class Row:
    fact: str
    """What AWS, or a browser, does."""
    known_by: Certainty
    source: str
    shown_by: tuple[Callable[[], None], ...]
    """Checks of the sandbox, which behaves so, and of the program, which is right about it."""


IMPORTER = (
    Row(
        fact="An integration response is identified by its status code: of two, the last is kept.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_import.snapshot.json, every integrationResponses; "
        "https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html",
        shown_by=(
            of_the_sandbox.the_last_response_of_a_status_is_kept,
            of_the_api.each_status_stands_once,
            of_the_api.a_refusal_of_a_template_is_not_the_catch_all,
        ),
    ),
    Row(
        fact="A setting that stands in the body alone may be put back to an older value.",
        known_by=Certainty.REPORTED,
        source="hashicorp/terraform-provider-aws issue 38515 and pull request 48118",
        shown_by=(of_the_api.settings_of_the_body_are_arguments_too,),
    ),
    Row(
        fact="An importer may warn of a media type without a schema.",
        known_by=Certainty.OPEN,
        source=f"{_GATEWAY_DOCS}api-gateway-import-api.html says nothing of it",
        shown_by=(of_the_api.every_media_type_has_a_schema,),
    ),
)

ROUTING = (
    Row(
        fact="A slash at the end is ignored by routing and seen by the resource policy.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_lambda.py::test_lambda_aws_proxy_integration; the "
        "method's ARN: a report of a third party",
        shown_by=(
            of_the_sandbox.a_slash_at_the_end_is_ignored_but_seen_by_the_policy,
            of_the_api.a_slash_at_the_end_passes_no_denial,
        ),
    ),
    Row(
        fact="Path parameters of a Lambda proxy event stay percent-encoded.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_lambda.py::test_lambda_aws_proxy_integration",
        shown_by=(
            of_the_sandbox.path_parameters_of_an_event_stay_encoded,
            of_the_reader.path_parameters_are_decoded_once,
        ),
    ),
    Row(
        fact="Slashes at the start of a path are taken for one.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_lambda.py::test_lambda_aws_proxy_integration",
        shown_by=(
            of_the_sandbox.slashes_at_the_start_are_one,
            of_the_api.a_slash_at_the_start_finds_the_route,
        ),
    ),
    Row(
        fact="Parameters reach templates decoded.",
        known_by=Certainty.DOCUMENTED,
        source=_KNOWN_ISSUES,
        shown_by=(
            of_the_sandbox.parameters_reach_templates_decoded,
            of_the_api.a_template_reads_an_id_decoded,
        ),
    ),
)

HEADERS = (
    Row(
        fact="Names of headers and query parameters are case-sensitive; HTTP/2 sends lower case.",
        known_by=Certainty.DOCUMENTED,
        source=f"{_KNOWN_ISSUES}; https://www.rfc-editor.org/rfc/rfc9113#section-8.2",
        shown_by=(
            of_the_sandbox.names_are_case_sensitive,
            of_the_api.every_required_header_is_one_that_a_browser_sends,
            of_the_api.a_condition_reaches_s3_in_either_spelling,
            of_the_api.a_checksum_reaches_s3_from_a_browser,
            of_the_api.what_templates_ask_of_headers_they_ask_in_lower_case,
            of_the_api.a_batch_has_its_number_from_a_browser,
        ),
    ),
    Row(
        fact="Date, Server, Host and others of an integration come out as x-amzn-Remapped-*.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_integrations.py::TestApiGatewayHeaderRemapping",
        shown_by=(
            of_the_sandbox.response_headers_are_remapped,
            of_the_api.no_header_is_mapped_that_would_be_remapped,
        ),
    ),
    Row(
        fact="Mapping onto Authorization, Connection, Content-Length and four more is a 500.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_integrations.py::TestApiGatewayHeaderRemapping",
        shown_by=(
            of_the_sandbox.a_forbidden_mapping_is_a_500,
            of_the_api.no_header_is_mapped_that_cannot_be,
        ),
    ),
    Row(
        fact="A proxy result may lack any member, have several values of a header, and no other.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_lambda.py"
        "::test_aws_proxy_response_payload_format_validation",
        shown_by=(of_the_sandbox.a_proxy_result_is_read_as_recorded,),
    ),
)

BODIES = (
    Row(
        fact="An empty body is {} to a template, of the request and of the answer.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_common.py::TestApiGatewayCommon"
        "::test_input_body_formatting",
        shown_by=(
            of_the_sandbox.an_empty_body_is_an_empty_object,
            of_the_sandbox.an_empty_answer_is_an_empty_object,
            of_the_api.an_empty_batch_is_refused,
        ),
    ),
    Row(
        fact="What is no UTF-8 in a text body becomes U+FFFD.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_s3.py::TestApiGatewayS3BinarySupport"
        "::test_apigw_s3_binary_support_request",
        shown_by=(
            of_the_sandbox.no_utf8_becomes_replacement_characters,
            of_the_api.gzip_without_its_type_is_refused,
        ),
    ),
    Row(
        fact="Text for a binary Accept, without contentHandling, is a 500.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_s3.py::TestApiGatewayS3BinarySupport"
        "::test_apigw_s3_binary_support_response_no_content_handling",
        shown_by=(
            of_the_sandbox.text_for_a_binary_accept_is_a_500,
            of_the_api.every_text_answer_is_converted_to_text,
            of_the_api.health_answers_whatever_is_accepted,
        ),
    ),
    Row(
        fact="CONVERT_TO_BINARY together with a template is a 500.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_s3.py::TestApiGatewayS3BinarySupport"
        "::test_apigw_s3_binary_support_request_convert_to_binary_with_request_template",
        shown_by=(
            of_the_sandbox.a_template_with_a_conversion_to_binary_is_a_500,
            of_the_api.no_template_meets_a_conversion_to_binary,
        ),
    ),
    Row(
        fact="responseOverride that a request template sets holds for the answer.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_integrations.py"
        "::test_integration_mock_with_response_override_in_request_template",
        shown_by=(
            of_the_sandbox.a_response_override_of_a_request_template_holds,
            of_the_api.no_request_template_sets_the_answer,
        ),
    ),
    Row(
        fact="An undefined reference is silent, and equals null and the empty text; a map prints "
        "as Java's.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_common.py::TestApiGatewayCommon"
        "::test_input_path_template_formatting; test_apigateway_kinesis.py",
        shown_by=(
            of_the_sandbox.what_is_undefined_is_silent_null_and_empty,
            of_the_api.a_recording_without_its_optional_fields_is_shown,
        ),
    ),
    Row(
        fact="A mock's {statusCode: 200} needs no quotes, and its value is an integer.",
        known_by=Certainty.RECORDED,
        source=f"{_LOCALSTACK}test_apigateway_integrations.py"
        "::test_integration_mock_with_path_param",
        shown_by=(of_the_sandbox.a_mock_needs_no_quotes, of_the_api.every_mock_says_an_integer),
    ),
    Row(
        fact="A media type with parameters meets the template of the bare type, or none.",
        known_by=Certainty.OPEN,
        source=f"{_GATEWAY_DOCS}integration-passthrough-behaviors.html says nothing of it",
        shown_by=(
            of_the_sandbox.a_media_type_with_parameters_does_either,
            of_the_api.a_type_with_parameters_is_taken_or_refused,
            of_the_api.text_with_parameters_is_refused_or_never_runs,
        ),
    ),
    Row(
        fact="1.0 and 1e3 are integers to a model, or not.",
        known_by=Certainty.OPEN,
        source=f"{_GATEWAY_DOCS}models-mappings-models.html names JSON Schema draft 4",
        shown_by=(
            of_the_sandbox.a_whole_number_with_a_fraction_does_either,
            of_the_api.a_whole_number_with_a_fraction_is_refused_either_way,
        ),
    ),
)

OTHER_SERVICES = (
    Row(
        fact="UpdateShardCount at most doubles the shards, ten times a day.",
        known_by=Certainty.DOCUMENTED,
        source="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html",
        shown_by=(of_the_stack.the_limits_of_more_shards_are_told,),
    ),
    Row(
        fact="GetItem and Query are eventually consistent unless told otherwise.",
        known_by=Certainty.DOCUMENTED,
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
        "HowItWorks.ReadConsistency.html",
        shown_by=(of_the_api.a_read_after_a_201_finds_the_recording,),
    ),
    Row(
        fact="User names of a pool are case-sensitive unless it says otherwise when it is made.",
        known_by=Certainty.DOCUMENTED,
        source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/"
        "API_UsernameConfigurationType.html",
        shown_by=(of_the_stack.user_names_have_no_case,),
    ),
    Row(
        fact="Only a verified address can reset a password; an invitation dies after 7 days, and "
        "Cognito's own mail sends 50 a day.",
        known_by=Certainty.DOCUMENTED,
        source="https://docs.aws.amazon.com/cognito/latest/developerguide/"
        "how-to-create-user-accounts.html; …/quotas.html",
        shown_by=(
            of_the_stack.an_invitation_proves_the_address,
            of_the_stack.an_invitation_is_sent_again_to_revive_it,
            of_the_stack.the_documents_invite_by_that_command_and_name_its_limits,
        ),
    ),
    Row(
        fact="Firehose with dynamic partitioning may take 1.5 times its buffer.",
        known_by=Certainty.DOCUMENTED,
        source="https://docs.aws.amazon.com/firehose/latest/dev/buffering.html",
        shown_by=(
            of_the_reader.the_function_knows_the_buffer_of_firehose,
            of_the_reader.the_tail_reaches_one_and_a_half_buffers_back,
        ),
    ),
    Row(
        fact="MillisBehindLatest can stay above 0 at the tip of a shard.",
        known_by=Certainty.REPORTED,
        source="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html "
        "promises 0 there; reports of consumers say otherwise",
        shown_by=(of_the_reader.the_tail_stops_at_an_empty_answer,),
    ),
    Row(
        fact="Chromium reads the first member alone of a gzip answer of several.",
        known_by=Certainty.SEEN,
        source="Content-Encoding: gzip, with two members one after another",
        shown_by=(of_the_reader.a_gzip_answer_is_one_member,),
    ),
)

ROWS = (*IMPORTER, *ROUTING, *HEADERS, *BODIES, *OTHER_SERVICES)
