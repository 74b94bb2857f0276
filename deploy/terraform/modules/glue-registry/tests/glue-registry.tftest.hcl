provider "aws" {
  region = "ap-southeast-2"
}

variables {
  schema_directory = "../../../../schemas"
}

run "the_schema_is_the_definition_that_the_producer_writes_with" {
  command = plan

  assert {
    condition     = aws_glue_registry.this.registry_name == "customer"
    error_message = "expected the services' default registry name"
  }

  assert {
    condition     = jsondecode(aws_glue_schema.this["orders-value"].schema_definition).name == "Order"
    error_message = "expected schema orders-value to define Order"
  }

  assert {
    condition     = aws_glue_schema.this["orders-value"].compatibility == "BACKWARD" && aws_glue_schema.this["orders-value"].data_format == "AVRO"
    error_message = "expected format AVRO and compatibility BACKWARD"
  }
}

run "the_highest_version_number_is_used" {
  command = plan

  variables {
    schema_directory = "tests/schemas"
    schemas          = { "things-value" = "thing" }
  }

  assert {
    condition     = jsondecode(aws_glue_schema.this["things-value"].schema_definition).doc == "tenth"
    error_message = "expected v10, which is newer than v9"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    registry_name = "a b"
    schemas       = { "orders-value" = "invoice" }
    compatibility = "SIDEWARD"
  }

  expect_failures = [var.registry_name, var.schemas, var.compatibility]
}

run "a_folder_without_schemas_is_rejected" {
  command = plan

  variables {
    schema_directory = "tests"
    schemas          = {}
  }

  expect_failures = [var.schema_directory]
}
