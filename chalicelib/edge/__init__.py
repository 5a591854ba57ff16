"""HTTP in and out: one dispatcher, authentication, typed requests, problem+json and the OpenAPI document."""
