provider "aws" {
  region = "ap-southeast-2"
}

variables {
  schema_directory = "../../../../schemas"
}

run "the_schema_is_the_text_that_the_producer_writes_with" {
  command = plan

  assert {
    condition     = aws_glue_registry.this.registry_name == "customer"
    error_message = "the services' default registry"
  }

  assert {
    condition     = jsondecode(aws_glue_schema.this["orders-value"].schema_definition).name == "Order"
    error_message = "schema orders-value holds Order"
  }

  assert {
    condition     = aws_glue_schema.this["orders-value"].compatibility == "BACKWARD" && aws_glue_schema.this["orders-value"].data_format == "AVRO"
    error_message = "Avro, BACKWARD"
  }
}

run "the_highest_version_wins_by_number" {
  command = plan

  variables {
    schema_directory = "tests/schemas"
    schemas          = { "things-value" = "thing" }
  }

  assert {
    condition     = jsondecode(aws_glue_schema.this["things-value"].schema_definition).doc == "tenth"
    error_message = "v10 is newer than v9"
  }
}

run "wrong_values_are_refused_by_name" {
  command = plan

  variables {
    registry_name = "a b"
    schemas       = { "orders-value" = "invoice" }
    compatibility = "SIDEWARD"
  }

  expect_failures = [var.registry_name, var.schemas, var.compatibility]
}

run "a_folder_without_schemas_is_refused" {
  command = plan

  variables {
    schema_directory = "tests"
    schemas          = {}
  }

  expect_failures = [var.schema_directory]
}
