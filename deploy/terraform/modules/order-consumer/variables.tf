variable "name" {
  description = "Name of the service and of its resources."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name must have 2 to 41 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "network" {
  description = "VPC, private subnets in different zones, and security group of the interface endpoints."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })
}

variable "kafka" {
  description = "MSK cluster: ARN, bootstrap brokers with IAM (host:port, comma-separated), and security group of the brokers' clients."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })
}

variable "service" {
  description = "ECS cluster, image, CPU units and MiB of a task, LOG_LEVEL, log retention in days, whether ECS Exec is allowed (it makes the root file system writable and needs the endpoint ssmmessages), whether an apply waits for the deployment, and values that are known once the service's dependencies exist."
  type = object({
    cluster_name          = string
    image                 = string
    cpu                   = optional(number, 512)
    memory_mib            = optional(number, 1024)
    min_tasks             = optional(number, 2)
    max_tasks             = optional(number, 4)
    log_level             = optional(string, "info")
    log_retention_days    = optional(number, 30)
    execute_command       = optional(bool, false)
    wait_for_steady_state = optional(bool, true)
    start_after           = optional(list(string), [])
  })

  validation {
    condition     = contains(["trace", "debug", "info", "warn", "error", "fatal", "silent"], var.service.log_level)
    error_message = "service.log_level must be trace, debug, info, warn, error, fatal or silent."
  }

  validation {
    condition     = var.service.max_tasks <= var.partitions
    error_message = "service.max_tasks must not exceed partitions: a task without a partition reads nothing."
  }
}

variable "metrics" {
  description = "Sends metrics: image of the collector in ECR, and id of the Prometheus workspace. null: no metrics."
  type = object({
    image        = string
    workspace_id = string
  })
  default = null
}

variable "registry_name" {
  description = "REGISTRY_NAME: name of the Glue schema registry."
  type        = string
  default     = "customer"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_$#.-]{1,255}$", var.registry_name))
    error_message = "registry_name must have 1 to 255 characters: letters, digits and _ $ # . -"
  }
}

variable "topics" {
  description = "TOPIC_NAMES: topics to read."
  type        = list(string)
  default     = ["orders"]

  validation {
    condition     = length(var.topics) > 0 && alltrue([for topic in var.topics : can(regex("^[a-zA-Z0-9._-]{1,249}$", topic))])
    error_message = "topics must be one or more valid topic names."
  }
}

variable "dead_letter_topic" {
  description = "DLQ_TOPIC; null: <topic>.dlq for each topic."
  type        = string
  default     = null

  validation {
    condition     = var.dead_letter_topic == null || !contains(var.topics, coalesce(var.dead_letter_topic, "-"))
    error_message = "dead_letter_topic must not be one of topics: a dead letter would be read and dead-lettered again without end."
  }
}

variable "group_id" {
  description = "GROUP_ID; null: <first topic>-group-01."
  type        = string
  default     = null

  # CloudWatch has no lag metric for a group whose name contains a colon.
  validation {
    condition     = var.group_id == null || can(regex("^[^:/*?]{1,255}$", var.group_id))
    error_message = "group_id must not contain a colon, slash or wildcard."
  }
}

variable "tombstones" {
  description = "TOMBSTONES: how records with a null value are handled."
  type        = string
  default     = "ignore"

  validation {
    condition     = contains(["ignore", "delete", "dlq"], var.tombstones)
    error_message = "tombstones must be ignore, delete or dlq."
  }
}

variable "sinks" {
  description = "SINKS, and the stores that exist for them. stdout: print the records. dynamodb: ARN of the table, DYNAMODB_KEY, DYNAMODB_TOMBSTONE_KEY. s3: ARN of the bucket, and the values of S3_PREFIX, S3_FORMAT, S3_FLUSH_RECORDS, S3_FLUSH_MS and S3_TIMEZONE."
  type = object({
    stdout = optional(bool, true)
    dynamodb = optional(object({
      table_arn     = string
      key           = optional(string, "order_id")
      tombstone_key = optional(string, "/order_id")
    }))
    s3 = optional(object({
      bucket_arn    = string
      prefix        = optional(string, "topics")
      format        = optional(string, "json")
      flush_records = optional(number, 100)
      flush_ms      = optional(number, 60000)
      timezone      = optional(string, "UTC")
    }))
  })
  default = {}

  validation {
    condition     = var.sinks.stdout || var.sinks.dynamodb != null || var.sinks.s3 != null
    error_message = "sinks must have at least one of stdout, dynamodb and s3."
  }

  validation {
    condition     = var.sinks.dynamodb == null || can(regex("^arn:[^:]+:dynamodb:[^:]+:[0-9]{12}:table/[^/*?]+$", var.sinks.dynamodb.table_arn))
    error_message = "sinks.dynamodb.table_arn must be the ARN of a table."
  }

  validation {
    condition     = var.sinks.s3 == null || can(regex("^arn:[^:]+:s3:::[^/*?]+$", var.sinks.s3.bucket_arn))
    error_message = "sinks.s3.bucket_arn must be the ARN of a bucket, without a key."
  }

  validation {
    condition     = var.sinks.s3 == null || can(regex("^[^*?]+$", var.sinks.s3.prefix))
    error_message = "sinks.s3.prefix must have at least one character, and no wildcard."
  }
}

variable "assume_roles" {
  description = "Roles that the task assumes, for example in other accounts. kafka: KAFKA_ASSUME_ROLE_ARN, whose credentials sign the tokens of the cluster. glue: GLUE_ASSUME_ROLE_ARN, for calls of the registry only."
  type = object({
    kafka = optional(string)
    glue  = optional(string)
  })
  default = {}

  validation {
    condition     = alltrue([for arn in values(var.assume_roles) : arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:role/[^*?]+$", arn))])
    error_message = "assume_roles must have ARNs of roles."
  }
}

variable "partitions" {
  description = "Total number of partitions of all topics, the upper limit for tasks."
  type        = number
  default     = 6

  validation {
    condition     = var.partitions >= 1
    error_message = "partitions must be 1 or more."
  }
}

variable "spot_weight" {
  description = "Number of tasks in ten, after the first task, that run on Spot. A task drains in 25 s, and Spot gives two minutes' notice."
  type        = number
  default     = 7
}

variable "max_lag_seconds" {
  description = "Tasks are added when the group needs longer than this to catch up, in seconds, as MSK estimates. The time for which the S3 sink collects records is granted in addition."
  type        = number
  default     = 60

  validation {
    condition     = var.max_lag_seconds >= 10
    error_message = "max_lag_seconds must be 10 or more."
  }
}
