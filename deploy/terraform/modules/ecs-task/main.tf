data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.region
  aws     = "arn:${data.aws_partition.current.partition}"

  log_group = "/ecs/${var.name}"

  environment = merge(
    var.kafka == null ? {} : {
      AWS_REGION        = local.region
      BOOTSTRAP_SERVERS = var.kafka.bootstrap_servers
      SECURITY_PROTOCOL = "SASL_SSL"
      SASL_MECHANISM    = "AWS_MSK_IAM"
    },
    var.environment,
  )

  # In blocking mode the driver rejects a buffer size.
  log_delivery = var.log_mode == "blocking" ? { mode = "blocking" } : local.lossy_log_delivery
  # A slow log service must not stop the container. When the buffer is full, output is lost.
  lossy_log_delivery = { mode = "non-blocking", max-buffer-size = "4m" }

  container = merge(
    {
      name        = var.name
      image       = var.image
      essential   = true
      user        = "1000:1000"
      environment = [for name in sort(keys(local.environment)) : { name = name, value = local.environment[name] }]

      portMappings = [for name in sort(keys(var.ports)) : {
        name          = name
        containerPort = var.ports[name]
        hostPort      = var.ports[name]
        protocol      = "tcp"
      }]

      readonlyRootFilesystem = !var.execute_command
      # Node is PID 1 and handles signals itself. ECS Exec leaves child processes behind, which an init process must reap.
      linuxParameters = {
        initProcessEnabled = var.execute_command
        capabilities       = { drop = ["ALL"] }
      }

      # The drain takes at most 25 s. The rest is a margin for a slow machine.
      stopTimeout = 60

      logConfiguration = {
        logDriver = "awslogs"
        options = merge({
          awslogs-group         = local.log_group
          awslogs-region        = local.region
          awslogs-stream-prefix = "task"
        }, local.log_delivery)
      }
    },
    var.command == null ? {} : { command = var.command },
    length(var.secrets) == 0 ? {} : {
      secrets = [for name in sort(keys(var.secrets)) : { name = name, valueFrom = "${var.secrets[name].arn}:${var.secrets[name].key}::" }]
    },
    var.health_check == null ? {} : {
      healthCheck = {
        command     = concat(["CMD"], var.health_check)
        interval    = 10
        timeout     = 5
        retries     = 3
        startPeriod = 30
      }
    },
  )
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:Logs contain no secrets. The consumer's log contains decoded orders: CloudWatch Logs encrypts them with its own key, and IAM limits who reads them.
  #checkov:skip=CKV_AWS_338:The environment sets the retention.
  name              = local.log_group
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory_mib
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode(concat([local.container], local.collector))

  runtime_platform {
    cpu_architecture        = "ARM64"
    operating_system_family = "LINUX"
  }

  depends_on = [aws_cloudwatch_log_group.this]
}

# No inbound rules unless the module that owns the task adds one. Outbound: TLS to AWS.
resource "aws_security_group" "task" {
  #checkov:skip=CKV2_AWS_5:Attached to the tasks by the service, or by the caller that runs the task.
  name        = "${var.name}-sg"
  description = "Tasks of ${var.name}"
  vpc_id      = var.network.vpc_id

  tags = { Name = "${var.name}-sg" }
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  security_group_id            = aws_security_group.task.id
  description                  = "AWS services through interface endpoints"
  referenced_security_group_id = var.network.endpoints_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

data "aws_prefix_list" "gateway" {
  for_each = toset(["s3", "dynamodb"])

  name = "com.amazonaws.${local.region}.${each.key}"
}

# ECR stores image layers in S3.
resource "aws_vpc_security_group_egress_rule" "gateways" {
  for_each = data.aws_prefix_list.gateway

  security_group_id = aws_security_group.task.id
  description       = "${each.key} through its gateway endpoint"
  prefix_list_id    = each.value.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
