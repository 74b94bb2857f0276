output "service_name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.this.name
}

output "scaling" {
  description = "Scaling target for a scaling policy."
  value = {
    service_namespace  = aws_appautoscaling_target.tasks.service_namespace
    scalable_dimension = aws_appautoscaling_target.tasks.scalable_dimension
    resource_id        = aws_appautoscaling_target.tasks.resource_id
  }
}
