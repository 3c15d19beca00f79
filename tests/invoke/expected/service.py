"""service-*: what the hub says of itself."""

from expectation import expects


@expects("service-health/healthy")
def the_hub_is_up(case):
    case.answers(200, {"status": "ok", "version": lambda it: it.count(".") == 2})


@expects("service-openapi/document")
def the_api_describes_itself(case):
    described = {"/integration/start": {"post": dict}, "/contacts/unsubscribe/{token}": {"get": dict, "post": dict}}
    case.answers(200, {"openapi": "3.1.0", "paths": described})


@expects("service-unknown/unknown-path")
def a_path_that_is_none_is_404(case):
    case.refuses(404, "nothing at this path", "/openapi.json")


@expects("service-unknown/wrong-method")
def a_method_that_is_none_is_405(case):
    case.answers(405, {"status": 405, "title": "Method Not Allowed"}, headers={"allow": "POST"})
