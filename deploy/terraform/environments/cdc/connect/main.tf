# Change data capture on AWS: Aurora PostgreSQL → Debezium on MSK Connect → MSK, with schemas in Glue → S3.

locals {
  connectors = "${path.root}/../../../../../docker/connect"

  database    = "devdb"
  replication = "replicator"
  # topic.prefix of the connector's file, schema and table.
  topic = "ordglue.ods.cdc_events"
}

resource "aws_glue_registry" "this" {
  registry_name = var.registry_name
  description   = "Schemas of the changes that Debezium reads"
}

# The infra stack of dev has no endpoint for it, because its services have no secrets.
resource "aws_vpc_endpoint" "secrets" {
  count = var.secrets_endpoint ? 1 : 0

  vpc_id              = data.aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.secretsmanager"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  # One zone, as the other endpoints of dev: each is billed per hour and zone.
  subnet_ids         = slice(sort(data.aws_subnets.private.ids), 0, 1)
  security_group_ids = [data.aws_security_group.endpoints.id]

  tags = { Name = "${local.name}-secretsmanager" }
}

module "database" {
  source = "../../../modules/aurora-postgresql"

  name       = local.name
  vpc_id     = data.aws_vpc.this.id
  subnet_ids = data.aws_subnets.private.ids
  clients = {
    "the connector"   = module.source.security_group_id
    "the set-up task" = module.setup.security_group_id
  }
  engine_version        = var.engine_version
  database_name         = local.database
  capacity              = var.database_capacity
  instances             = var.database_instances
  backup_retention_days = var.backup_retention_days
  deletion_protection   = var.deletion_protection
  log_retention_days    = var.log_retention_days
}

# The value is write-only: it is in neither the plan nor the state.
resource "aws_secretsmanager_secret" "replication" {
  #checkov:skip=CKV_AWS_149:Encrypted with the AWS managed key of Secrets Manager.
  #checkov:skip=CKV2_AWS_57:A new password must also be set in the database; see the README.
  name                    = "${local.name}/replication"
  description             = "User as which Debezium reads changes"
  recovery_window_in_days = var.deletion_protection ? 30 : 0
}

resource "aws_secretsmanager_secret_version" "replication" {
  secret_id                = aws_secretsmanager_secret.replication.id
  secret_string_wo         = jsonencode({ username = local.replication, password = var.replication_password })
  secret_string_wo_version = var.replication_password_version
}

resource "aws_ecs_cluster" "this" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

module "setup" {
  source = "../../../modules/database-setup"

  name         = "${local.name}-setup"
  network      = local.network
  cluster_name = aws_ecs_cluster_capacity_providers.this.cluster_name
  image        = "${data.aws_ecr_repository.orders.repository_url}${var.orders_image}"
  database = {
    host              = module.database.host
    port              = module.database.port
    security_group_id = module.database.security_group_id
    name              = local.database
    user              = module.database.master_username
    secret_arn        = module.database.master_secret_arn
  }
  replication = {
    user       = local.replication
    secret_arn = aws_secretsmanager_secret_version.replication.arn
  }
  start_after        = aws_vpc_endpoint.secrets[*].id
  log_retention_days = var.log_retention_days
}
