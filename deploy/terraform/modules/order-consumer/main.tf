locals {
  management_port    = 9465
  group_id           = coalesce(var.group_id, "${var.topics[0]}-group-01")
  sinks              = join(",", compact([var.sinks.stdout ? "stdout" : "", var.sinks.dynamodb == null ? "" : "dynamodb", var.sinks.s3 == null ? "" : "s3"]))
  assumed_roles      = { for variable, arn in { KAFKA_ASSUME_ROLE_ARN = var.assume_roles.kafka, GLUE_ASSUME_ROLE_ARN = var.assume_roles.glue } : variable => arn if arn != null }
  dead_letter_topics = toset(var.dead_letter_topic == null ? [for topic in var.topics : "${topic}.dlq"] : [var.dead_letter_topic])
}

locals {
  table_name  = var.sinks.dynamodb == null ? null : split("/", var.sinks.dynamodb.table_arn)[1]
  bucket_name = var.sinks.s3 == null ? null : split(":::", var.sinks.s3.bucket_arn)[1]
}

module "task" {
  source = "../ecs-task"

  name               = var.name
  network            = var.network
  kafka              = var.kafka
  image              = var.service.image
  ports              = { management = local.management_port }
  cpu                = var.service.cpu
  memory_mib         = var.service.memory_mib
  policy_json        = data.aws_iam_policy_document.task.json
  log_retention_days = var.service.log_retention_days
  execute_command    = var.service.execute_command
  # With the sink stdout, an offset is committed once stdout accepted the line, so a line that the log driver drops is a lost
  # order. In blocking mode the consumer waits instead, which its lag shows.
  log_mode     = var.sinks.stdout ? "blocking" : "non-blocking"
  metrics      = one([for metrics in var.metrics[*] : merge(metrics, { job = "order-consumer", port = local.management_port })])
  health_check = ["node", "healthcheck.mjs", "MANAGEMENT_PORT", tostring(local.management_port), "/healthz"]

  environment = merge(
    {
      TOPIC_NAMES   = join(",", var.topics)
      REGISTRY_NAME = var.registry_name
      GROUP_ID      = local.group_id
      TOMBSTONES    = var.tombstones
      LOG_LEVEL     = var.service.log_level
    },
    var.dead_letter_topic == null ? {} : { DLQ_TOPIC = var.dead_letter_topic },
    local.sinks == "stdout" ? {} : { SINKS = local.sinks },
    var.sinks.dynamodb == null ? {} : {
      DYNAMODB_TABLE         = local.table_name
      DYNAMODB_KEY           = var.sinks.dynamodb.key
      DYNAMODB_TOMBSTONE_KEY = var.sinks.dynamodb.tombstone_key
    },
    var.sinks.s3 == null ? {} : {
      S3_BUCKET        = local.bucket_name
      S3_PREFIX        = var.sinks.s3.prefix
      S3_FORMAT        = var.sinks.s3.format
      S3_FLUSH_RECORDS = tostring(var.sinks.s3.flush_records)
      S3_FLUSH_MS      = tostring(var.sinks.s3.flush_ms)
      S3_TIMEZONE      = var.sinks.s3.timezone
    },
    local.assumed_roles,
  )
}

module "service" {
  source = "../ecs-service"

  task                  = module.task
  cluster_name          = var.service.cluster_name
  min_tasks             = var.service.min_tasks
  max_tasks             = var.service.max_tasks
  spot_weight           = var.spot_weight
  execute_command       = var.service.execute_command
  wait_for_steady_state = var.service.wait_for_steady_state
  start_after           = var.service.start_after
  deployment_alarms     = [for alarm in aws_cloudwatch_metric_alarm.left_behind : alarm.alarm_name]
}
