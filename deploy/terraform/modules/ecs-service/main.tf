resource "terraform_data" "ready" {
  input = var.start_after
}

resource "aws_ecs_service" "this" {
  name            = var.task.name
  cluster         = var.cluster_name
  task_definition = var.task.task_definition_arn
  # The initial count. Afterwards scaling sets the count, within the limits of the scaling target below.
  desired_count = var.min_tasks

  platform_version                   = "LATEST"
  propagate_tags                     = "SERVICE"
  enable_ecs_managed_tags            = true
  enable_execute_command             = var.execute_command
  wait_for_steady_state              = var.wait_for_steady_state
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = var.load_balancer == null ? null : 60

  # The first task never runs on Spot, so that a Spot shortage cannot stop the service.
  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 1
    weight            = 10 - var.spot_weight
  }

  dynamic "capacity_provider_strategy" {
    for_each = var.spot_weight > 0 ? [var.spot_weight] : []

    content {
      capacity_provider = "FARGATE_SPOT"
      base              = 0
      weight            = capacity_provider_strategy.value
    }
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  dynamic "alarms" {
    for_each = length(var.deployment_alarms) > 0 ? [var.deployment_alarms] : []

    content {
      alarm_names = alarms.value
      enable      = true
      rollback    = true
    }
  }

  network_configuration {
    subnets          = var.task.network.subnet_ids
    security_groups  = var.task.network.security_group_ids
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = var.load_balancer == null ? [] : [var.load_balancer]

    content {
      target_group_arn = load_balancer.value.target_group_arn
      container_name   = var.task.name
      container_port   = load_balancer.value.port
    }
  }

  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [terraform_data.ready]
}

resource "aws_appautoscaling_target" "tasks" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster_name}/${aws_ecs_service.this.name}"
  min_capacity       = var.min_tasks
  max_capacity       = var.max_tasks
}
