locals {
  ports = { http = 3000, management = 9464 }
}

module "task" {
  source = "../ecs-task"

  name               = var.name
  network            = var.network
  kafka              = var.kafka
  image              = var.service.image
  ports              = local.ports
  cpu                = var.service.cpu
  memory_mib         = var.service.memory_mib
  policy_json        = data.aws_iam_policy_document.task.json
  log_retention_days = var.service.log_retention_days
  execute_command    = var.service.execute_command
  metrics            = one([for metrics in var.metrics[*] : merge(metrics, { job = "order-producer", port = local.ports.management })])
  health_check       = ["node", "healthcheck.mjs", "MANAGEMENT_PORT", tostring(local.ports.management), "/healthz"]

  environment = {
    TOPIC_NAME               = var.topic
    REGISTRY_NAME            = var.registry_name
    SCHEMA_AUTO_REGISTRATION = tostring(var.schema_auto_registration)
    # No authentication yet: the load balancer is internal, and accepts only addresses of client_cidr_blocks.
    AUTH_MODE = "none"
    LOG_LEVEL = var.service.log_level
  }
}

module "service" {
  source = "../ecs-service"

  task                  = module.task
  cluster_name          = var.service.cluster_name
  min_tasks             = var.service.min_tasks
  max_tasks             = var.service.max_tasks
  execute_command       = var.service.execute_command
  wait_for_steady_state = var.service.wait_for_steady_state
  deployment_alarms     = [aws_cloudwatch_metric_alarm.refused.alarm_name]
  # ECS rejects a service whose target group has no listener, and health checks fail until the security groups allow them.
  start_after   = concat(var.service.start_after, [aws_lb_listener.https.arn], [for rule in aws_vpc_security_group_ingress_rule.tasks : rule.id])
  load_balancer = { target_group_arn = aws_lb_target_group.this.arn, port = local.ports.http }
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${var.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = module.service.scaling.service_namespace
  scalable_dimension = module.service.scaling.scalable_dimension
  resource_id        = module.service.scaling.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "refused" {
  alarm_name          = "${var.name}-5xx"
  alarm_description   = "Orders are rejected or answered with an error: brokers or registry are unavailable, or the service has a fault. /readyz of the tasks says which."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 2
  threshold           = 10
  comparison_operator = "GreaterThanThreshold"
  # Without requests there are no errors.
  treat_missing_data = "notBreaching"

  dimensions = {
    LoadBalancer = aws_lb.this.arn_suffix
    TargetGroup  = aws_lb_target_group.this.arn_suffix
  }
}
