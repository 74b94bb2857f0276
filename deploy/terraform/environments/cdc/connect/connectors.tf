module "plugins" {
  source = "../../../modules/private-bucket"

  bucket        = "${local.name}-plugins-${data.aws_caller_identity.current.account_id}-${var.region}"
  force_destroy = true
}

module "files" {
  source = "../../../modules/private-bucket"

  bucket        = "${local.name}-files-${data.aws_caller_identity.current.account_id}-${var.region}"
  force_destroy = !var.deletion_protection
}

module "logs" {
  source = "../../../modules/private-bucket"

  bucket              = "${local.name}-logs-${data.aws_caller_identity.current.account_id}-${var.region}"
  expiration_days     = 3 * var.log_retention_days
  log_delivery_prefix = "msk-connect"
  force_destroy       = true
}

resource "aws_s3_object" "plugin" {
  #checkov:skip=CKV_AWS_186:Encrypted with the bucket's own key.
  for_each = var.plugins

  bucket      = module.plugins.bucket
  key         = "${each.key}-${substr(filesha256(each.value), 0, 12)}.zip"
  source      = each.value
  source_hash = filemd5(each.value)
}

locals {
  plugin = {
    for name, object in aws_s3_object.plugin : name => {
      bucket_arn     = module.plugins.arn
      key            = object.key
      object_version = object.version_id
      sha256         = filesha256(var.plugins[name])
    }
  }
}

module "source" {
  source = "../../../modules/kafka-connect"

  name           = "${local.name}-source"
  connector_file = "${local.connectors}/cdc-postgresql-glue.json"
  replaced = {
    "database.hostname"             = module.database.host
    "database.port"                 = tostring(module.database.port)
    "database.dbname"               = local.database
    "database.user"                 = "$${secretsmanager:${aws_secretsmanager_secret.replication.name}:username}"
    "database.password"             = "$${secretsmanager:${aws_secretsmanager_secret.replication.name}:password}"
    "publication.name"              = "cdc_events"
    "publication.autocreate.mode"   = "disabled"
    "key.converter.registry.name"   = aws_glue_registry.this.registry_name
    "value.converter.registry.name" = aws_glue_registry.this.registry_name
  }
  added        = { "database.sslmode" = "require" }
  plugin       = local.plugin["debezium-postgresql"]
  network      = local.network
  destinations = { "PostgreSQL" = { security_group_id = module.database.security_group_id, port = module.database.port } }
  kafka        = local.kafka
  writes       = [local.topic]
  registry = {
    name      = var.registry_name
    registers = ["${local.topic}-key", "${local.topic}-value"]
  }
  secrets            = { (aws_secretsmanager_secret.replication.name) = aws_secretsmanager_secret.replication.arn }
  log_retention_days = var.log_retention_days
  logs_bucket        = module.logs.bucket
  start_after        = concat([module.setup.created_by], aws_vpc_endpoint.secrets[*].id)
}

module "sink" {
  source = "../../../modules/kafka-connect"

  name           = "${local.name}-sink"
  connector_file = "${local.connectors}/order-sink-s3-avro.json"
  replaced = {
    "topics"                        = local.topic
    "s3.bucket.name"                = module.files.bucket
    "s3.region"                     = var.region
    "value.converter.registry.name" = aws_glue_registry.this.registry_name
  }
  # A delete is followed by a record without a value, which the files cannot hold.
  added              = { "behavior.on.null.values" = "ignore" }
  plugin             = local.plugin["s3-sink"]
  network            = local.network
  kafka              = local.kafka
  registry           = { name = var.registry_name }
  bucket             = { arn = module.files.arn }
  capacity           = var.sink_capacity
  log_retention_days = var.log_retention_days
  logs_bucket        = module.logs.bucket
  start_after        = [module.source.connector_arn]
}
