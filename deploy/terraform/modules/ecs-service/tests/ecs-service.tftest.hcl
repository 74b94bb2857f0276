provider "aws" {
  region = "ap-southeast-2"
}

variables {
  cluster_name = "orders-test"
  task = {
    name                = "orders-test-service"
    task_definition_arn = "arn:aws:ecs:ap-southeast-2:123456789012:task-definition/orders-test-service:1"
    network = {
      subnet_ids         = ["subnet-a", "subnet-b", "subnet-c"]
      security_group_ids = ["sg-0123456789abcdef0", "sg-0123456789abcdef1"]
    }
  }
}

run "D-09_a_service_runs_on_Fargate_in_private_subnets_without_a_public_address" {
  command = plan

  assert {
    condition     = [for strategy in aws_ecs_service.this.capacity_provider_strategy : strategy.capacity_provider] == ["FARGATE"]
    error_message = "expected Fargate without Spot by default"
  }

  assert {
    condition     = aws_ecs_service.this.network_configuration[0].subnets == toset(var.task.network.subnet_ids) && !aws_ecs_service.this.network_configuration[0].assign_public_ip
    error_message = "expected the given subnets and no public address"
  }

  assert {
    condition     = aws_ecs_service.this.network_configuration[0].security_groups == toset(["sg-0123456789abcdef0", "sg-0123456789abcdef1"])
    error_message = "expected the security groups of the task"
  }
}

run "a_failed_deployment_is_rolled_back" {
  command = plan

  variables {
    deployment_alarms = ["too-many-5xx"]
  }

  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "expected a circuit breaker with rollback"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && aws_ecs_service.this.wait_for_steady_state
    error_message = "expected no fewer tasks during a deployment, and an apply that waits"
  }

  assert {
    condition     = aws_ecs_service.this.alarms[0].alarm_names == toset(["too-many-5xx"]) && aws_ecs_service.this.alarms[0].rollback
    error_message = "expected alarms to roll back as well"
  }
}

run "Spot_gets_its_share_of_the_tasks_after_the_first" {
  command = plan

  variables {
    spot_weight = 7
  }

  assert {
    condition = toset([for s in aws_ecs_service.this.capacity_provider_strategy : "${s.capacity_provider} ${s.base} ${s.weight}"]) == toset([
      "FARGATE 1 3", "FARGATE_SPOT 0 7",
    ])
    error_message = "expected the first task on Fargate, then seven of ten on Spot"
  }
}

run "scaling_stays_within_its_limits" {
  command = plan

  assert {
    condition     = aws_appautoscaling_target.tasks.min_capacity == 2 && aws_appautoscaling_target.tasks.max_capacity == 4 && aws_appautoscaling_target.tasks.resource_id == "service/orders-test/orders-test-service"
    error_message = "expected two to four tasks of this service"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    cluster_name = "arn:aws:ecs:x"
    min_tasks    = 3
    max_tasks    = 2
    spot_weight  = 11
  }

  expect_failures = [var.cluster_name, var.max_tasks, var.spot_weight]
}
