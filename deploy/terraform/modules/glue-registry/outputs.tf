output "registry_name" {
  description = "Value for REGISTRY_NAME of the services."
  value       = aws_glue_registry.this.registry_name
}

output "registry_arn" {
  description = "ARN of the registry."
  value       = aws_glue_registry.this.arn
}

output "schema_arns" {
  description = "Schema name → ARN."
  value       = { for name, schema in aws_glue_schema.this : name => schema.arn }
}
