output "service_name" {
  description = "The service."
  value       = aws_ecs_service.this.name
}

output "scaling" {
  description = "Where a scaling policy attaches."
  value = {
    service_namespace  = aws_appautoscaling_target.tasks.service_namespace
    scalable_dimension = aws_appautoscaling_target.tasks.scalable_dimension
    resource_id        = aws_appautoscaling_target.tasks.resource_id
  }
}
