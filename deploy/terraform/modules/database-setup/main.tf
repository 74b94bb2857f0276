data "aws_region" "current" {}

module "task" {
  source = "../ecs-task"

  name               = var.name
  network            = var.network
  image              = var.image
  command            = ["db", "setup", "--kind", "postgresql", "--replication-user", var.replication.user, "--wait", "300", "--yes"]
  log_retention_days = var.log_retention_days

  environment = {
    PGHOST     = var.database.host
    PGPORT     = tostring(var.database.port)
    PGDATABASE = var.database.name
    PGUSER     = var.database.user
    PGSSLMODE  = var.tls
  }

  secrets = {
    PGPASSWORD           = { arn = var.database.secret_arn, key = "password" }
    REPLICATION_PASSWORD = { arn = var.replication.secret_arn, key = "password" }
  }
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id            = module.task.security_group_id
  description                  = "PostgreSQL"
  referenced_security_group_id = var.database.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.database.port
  to_port                      = var.database.port
}

resource "terraform_data" "start_after" {
  input = var.start_after
}

# Runs once for each revision of the task. What exists in the database is not changed.
resource "terraform_data" "run" {
  triggers_replace = [module.task.task_definition_arn]
  input            = module.task.task_definition_arn

  provisioner "local-exec" {
    command = "${path.module}/../ecs-task/run-task.sh"

    environment = {
      AWS_REGION      = data.aws_region.current.region
      CLUSTER         = var.cluster_name
      TASK_DEFINITION = module.task.task_definition_arn
      SUBNETS         = join(",", module.task.network.subnet_ids)
      SECURITY_GROUPS = join(",", module.task.network.security_group_ids)
      LOG_GROUP       = module.task.log_group
    }
  }

  depends_on = [terraform_data.start_after, aws_vpc_security_group_egress_rule.database]
}
