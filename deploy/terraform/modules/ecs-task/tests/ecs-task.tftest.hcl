provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name = "orders-test-task"
  network = {
    vpc_id                      = "vpc-0123456789abcdef0"
    subnet_ids                  = ["subnet-a", "subnet-b", "subnet-c"]
    endpoints_security_group_id = "sg-0123456789abcdef0"
  }
  image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/orders:1.0.0"
  command      = ["topics", "create"]
  environment  = { TOPIC_NAME = "orders", BOOTSTRAP_SERVERS = "b-1:9098" }
  ports        = { management = 9465 }
  health_check = ["node", "healthcheck.mjs", "MANAGEMENT_PORT", "9465", "/healthz"]
}

run "D-09_a_task_runs_on_Fargate_with_ARM64_in_the_VPC" {
  command = plan

  assert {
    condition     = aws_ecs_task_definition.this.requires_compatibilities == toset(["FARGATE"]) && aws_ecs_task_definition.this.network_mode == "awsvpc"
    error_message = "expected Fargate with network mode awsvpc"
  }

  assert {
    condition     = aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "expected ARM64"
  }
}

run "D-09_the_container_runs_the_image_with_no_more_rights_than_it_needs" {
  command = plan

  assert {
    condition     = output.container.readonlyRootFilesystem && output.container.user == "1000:1000" && output.container.linuxParameters.capabilities.drop == ["ALL"]
    error_message = "expected a read-only root file system, user 1000 and no capabilities"
  }

  assert {
    condition     = output.container.stopTimeout == 60 && output.container.essential
    error_message = "expected a stop timeout of 60 s"
  }

  assert {
    condition     = output.container.healthCheck.command == ["CMD", "node", "healthcheck.mjs", "MANAGEMENT_PORT", "9465", "/healthz"]
    error_message = "expected the given health check"
  }

  assert {
    condition     = output.container.portMappings == [{ name = "management", containerPort = 9465, hostPort = 9465, protocol = "tcp" }]
    error_message = "expected the given port"
  }

  assert {
    condition     = output.container.environment == [{ name = "BOOTSTRAP_SERVERS", value = "b-1:9098" }, { name = "TOPIC_NAME", value = "orders" }]
    error_message = "expected the given environment, sorted by name"
  }
}

run "D-09_S0-15_a_task_connects_to_Kafka_with_IAM_on_9098" {
  command = plan

  variables {
    environment = { TOPIC_NAME = "orders" }
    kafka = {
      cluster_arn              = "arn:aws:kafka:ap-southeast-2:123456789012:cluster/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2"
      bootstrap_servers        = "b-1.example:9098,b-2.example:9098"
      client_security_group_id = "sg-0123456789abcdef1"
    }
  }

  assert {
    condition = { for variable in output.container.environment : variable.name => variable.value } == {
      AWS_REGION        = "ap-southeast-2"
      BOOTSTRAP_SERVERS = "b-1.example:9098,b-2.example:9098"
      SASL_MECHANISM    = "AWS_MSK_IAM"
      SECURITY_PROTOCOL = "SASL_SSL"
      TOPIC_NAME        = "orders"
    }
    error_message = "expected SASL_SSL with AWS_MSK_IAM"
  }
}

run "a_slow_log_service_does_not_stop_a_container" {
  command = plan

  assert {
    condition     = output.container.logConfiguration.options.mode == "non-blocking" && output.container.logConfiguration.options.max-buffer-size == "4m"
    error_message = "expected non-blocking logs by default"
  }
}

run "with_blocking_logs_the_container_waits_for_the_log_service_and_its_collector_does_not" {
  command = plan

  variables {
    log_mode = "blocking"
    metrics = {
      image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/collector:v1.0.0"
      workspace_id = "ws-0123"
      job          = "order-consumer"
      port         = 9465
    }
  }

  assert {
    condition     = output.container.logConfiguration.options.mode == "blocking" && !contains(keys(output.container.logConfiguration.options), "max-buffer-size")
    error_message = "expected blocking logs without a buffer size"
  }

  assert {
    condition     = output.collector.logConfiguration.options.mode == "non-blocking" && output.collector.logConfiguration.options.awslogs-stream-prefix == "collector"
    error_message = "expected the collector's log to be non-blocking"
  }
}

run "S0-20_the_only_outbound_traffic_is_TLS_to_AWS" {
  command = plan

  assert {
    condition     = aws_vpc_security_group_egress_rule.endpoints.from_port == 443 && aws_vpc_security_group_egress_rule.endpoints.to_port == 443 && aws_vpc_security_group_egress_rule.endpoints.cidr_ipv4 == null
    error_message = "expected egress to the endpoints' security group on 443"
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.gateways : rule.from_port == 443 && rule.to_port == 443 && rule.cidr_ipv4 == null])
    error_message = "expected egress to S3 and DynamoDB on 443"
  }
}

run "S0-21_ECS_may_pull_only_this_image_and_write_only_this_log" {
  command = plan

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.execution.json).Statement : s.Resource if s.Sid == "PullImage"] == ["arn:aws:ecr:ap-southeast-2:123456789012:repository/orders-test/orders"]
    error_message = "expected only the image's repository"
  }

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.execution.json).Statement : s.Resource if s.Sid == "WriteLogs"] == ["arn:aws:logs:ap-southeast-2:123456789012:log-group:/ecs/orders-test-task:*"]
    error_message = "expected only the task's log group"
  }

  assert {
    condition     = length(aws_iam_role_policy.task) == 0
    error_message = "expected no policy for the code by default"
  }
}

run "D-10_the_collector_scrapes_the_service_and_labels_each_task" {
  command = plan

  variables {
    metrics = {
      image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/collector:v1.0.0"
      workspace_id = "ws-0123"
      job          = "order-consumer"
      port         = 9465
    }
  }

  assert {
    condition     = yamldecode(output.collector.environment[0].value).receivers.prometheus.config.scrape_configs[0].static_configs[0].targets == ["127.0.0.1:9465"]
    error_message = "expected a scrape over loopback"
  }

  assert {
    condition     = yamldecode(output.collector.environment[0].value).exporters.prometheusremotewrite.endpoint == "https://aps-workspaces.ap-southeast-2.amazonaws.com/workspaces/ws-0123/api/v1/remote_write"
    error_message = "expected writes to the workspace"
  }

  assert {
    condition     = yamldecode(output.collector.environment[0].value).processors.resource.attributes[0].key == "service.instance.id"
    error_message = "expected the task's id as the label instance"
  }

  assert {
    condition     = !output.collector.essential && output.collector.readonlyRootFilesystem && output.collector.user == "1000:1000" && output.collector.linuxParameters.capabilities.drop == ["ALL"]
    error_message = "expected a collector that is hardened like the service, and not essential"
  }

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.metrics[0].json).Statement : "${s.Action} ${s.Resource}"] == ["aps:RemoteWrite arn:aws:aps:ap-southeast-2:123456789012:workspace/ws-0123"]
    error_message = "expected permission to write to this workspace only"
  }

  assert {
    condition = toset(flatten([for s in jsondecode(data.aws_iam_policy_document.execution.json).Statement : s.Resource if s.Sid == "PullImage"])) == toset([
      "arn:aws:ecr:ap-southeast-2:123456789012:repository/orders-test/orders",
      "arn:aws:ecr:ap-southeast-2:123456789012:repository/orders-test/collector",
    ])
    error_message = "expected permission to pull both images"
  }
}

run "a_collector_image_outside_ECR_is_rejected" {
  command = plan

  variables {
    metrics = {
      image        = "public.ecr.aws/aws-observability/aws-otel-collector:v1.0.0"
      workspace_id = "ws-0123"
      job          = "order-consumer"
      port         = 9465
    }
  }

  expect_failures = [var.metrics]
}

run "ECS_Exec_needs_a_writable_root_file_system" {
  command = plan

  variables {
    execute_command = true
  }

  assert {
    condition     = !output.container.readonlyRootFilesystem && output.container.linuxParameters.initProcessEnabled && length(aws_iam_role_policy.execute_command) == 1
    error_message = "expected what the ECS Exec agent needs"
  }
}

run "S4-11_a_secret_in_the_environment_is_rejected" {
  command = plan

  variables {
    environment = { AWS_SECRET_ACCESS_KEY = "xxxx" }
  }

  expect_failures = [var.environment]
}

run "S2-14_ECS_sets_variables_from_named_secrets_and_the_code_cannot_read_them_itself" {
  command = plan

  variables {
    secrets = { PGPASSWORD = { arn = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:db-AbCdEf", key = "password" } }
  }

  assert {
    condition = { for secret in output.container.secrets : secret.name => secret.valueFrom } == {
      PGPASSWORD = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:db-AbCdEf:password::"
    }
    error_message = "expected a reference to the key of the secret"
  }

  assert {
    condition = [for s in jsondecode(data.aws_iam_policy_document.execution.json).Statement : s.Resource if s.Sid == "ReadSecrets"] == [
      "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:db-AbCdEf",
    ]
    error_message = "expected the execution role to read this secret alone"
  }

  assert {
    condition     = length(aws_iam_role_policy.task) == 0
    error_message = "expected a task role without permissions"
  }
}

run "an_image_with_a_mutable_name_is_rejected" {
  command = plan

  variables {
    image = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/orders:latest"
  }

  expect_failures = [var.image]
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    name = "Orders"
    network = {
      vpc_id                      = "orders"
      subnet_ids                  = ["subnet-a"]
      endpoints_security_group_id = "endpoints"
    }
    kafka = {
      cluster_arn              = "orders"
      bootstrap_servers        = "b-1.example:9092"
      client_security_group_id = "sg-0123456789abcdef1"
    }
    ports              = { http = 80 }
    cpu                = 300
    log_retention_days = 8
    log_mode           = "lossy"
  }

  expect_failures = [
    var.name, var.network, var.kafka, var.ports, var.cpu, var.log_retention_days, var.log_mode,
  ]
}

run "a_size_that_Fargate_does_not_offer_is_rejected" {
  command = plan

  variables {
    cpu        = 256
    memory_mib = 4096
  }

  expect_failures = [var.memory_mib]
}
