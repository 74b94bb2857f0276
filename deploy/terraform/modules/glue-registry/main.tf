locals {
  # Versions are compared as numbers: v10 is newer than v9.
  newest = {
    for name, family in var.schemas : name => max([
      for file in fileset(var.schema_directory, "${family}.v*.avsc") :
      tonumber(regex("\\.v([0-9]+)\\.avsc$", file)[0])
    ]...)
  }
}

resource "aws_glue_registry" "this" {
  registry_name = var.registry_name
  description   = "Schemas of the order stream"
}

resource "aws_glue_schema" "this" {
  for_each = var.schemas

  schema_name   = each.key
  registry_arn  = aws_glue_registry.this.arn
  description   = "Values of a topic of the order stream"
  data_format   = "AVRO"
  compatibility = var.compatibility
  # A changed definition registers a new version. Glue rejects a definition that is not compatible.
  schema_definition = file("${var.schema_directory}/${each.value}.v${local.newest[each.key]}.avsc")
}
