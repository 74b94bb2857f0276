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

  # The driver refuses a size of its buffer where writes wait.
  log_delivery = var.log_mode == "blocking" ? { mode = "blocking" } : local.lossy_log_delivery
  # A log service that is slow must not stop the service that logs: what the buffer cannot take is lost.
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
      # The image's own init is Node, which takes signals itself; ECS Exec leaves children that someone has to reap.
      linuxParameters = {
        initProcessEnabled = var.execute_command
        capabilities       = { drop = ["ALL"] }
      }

      # The drain takes 25 s at most; what is left is for a slow machine.
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
  #checkov:skip=CKV_AWS_158:Logs hold no secret. The consumer's hold decoded orders: CloudWatch Logs encrypts them with its own key, and IAM says who reads them.
  #checkov:skip=CKV_AWS_338:How long is the environment's choice.
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

# Nothing comes in unless the owner of the task adds a rule; out goes TLS to AWS.
resource "aws_security_group" "task" {
  #checkov:skip=CKV2_AWS_5:Attached to the tasks by the service or by whoever runs the task.
  name        = "${var.name}-sg"
  description = "Tasks of ${var.name}"
  vpc_id      = var.network.vpc_id

  tags = { Name = "${var.name}-sg" }
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  security_group_id            = aws_security_group.task.id
  description                  = "AWS services by their interface endpoints"
  referenced_security_group_id = var.network.endpoints_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

data "aws_prefix_list" "gateway" {
  for_each = toset(["s3", "dynamodb"])

  name = "com.amazonaws.${local.region}.${each.key}"
}

# The layers of an image come from S3.
resource "aws_vpc_security_group_egress_rule" "gateways" {
  for_each = data.aws_prefix_list.gateway

  security_group_id = aws_security_group.task.id
  description       = "${each.key} by its gateway endpoint"
  prefix_list_id    = each.value.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
