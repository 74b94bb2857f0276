variable "prefix" {
  description = "Prefix of the infra stack, used to look up its resources, and prefix of the names of all resources in this module."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,16}$", var.prefix))
    error_message = "prefix must have 2 to 17 lower-case letters, digits and hyphens, and start with a letter. With a longer prefix, <prefix>-order-producer is too long for a load balancer's name."
  }
}

variable "registry_name" {
  description = "Name of the Glue schema registry that the infra stack created."
  type        = string
  default     = "customer"
}

variable "images" {
  description = "Image → the part after its repository URL: @sha256:<digest> or :<tag>. The first apply needs order-producer, order-consumer, orders and, with metrics, collector. In a later apply, an image that is missing here keeps running as it is."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.images), ["order-producer", "order-consumer", "orders", "collector"])) == 0
    error_message = "images may name only order-producer, order-consumer, orders and collector."
  }

  validation {
    condition     = alltrue([for reference in values(var.images) : can(regex("^(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", reference))])
    error_message = "images must have @sha256:<64 hex digits> or :<tag> as values."
  }
}

variable "rules_directory" {
  description = "Folder with the Prometheus rule files. The alarms are created from its alerts.yml."
  type        = string
}

variable "metrics" {
  description = "Send the services' metrics to the infra stack's Prometheus workspace, through a collector beside each service."
  type        = bool
  default     = false
}

variable "domain_name" {
  description = "Domain name of the producer."
  type        = string
}

variable "hosted_zone_id" {
  description = "Id of the public Route 53 zone that contains domain_name."
  type        = string
}

variable "producer" {
  description = "CPU units and MiB of a producer task, and minimum and maximum number of tasks."
  type = object({
    cpu        = number
    memory_mib = number
    min_tasks  = number
    max_tasks  = number
  })
}

variable "consumer" {
  description = "The same for the consumer. Of ten tasks after the first, spot_weight run on Spot."
  type = object({
    cpu         = number
    memory_mib  = number
    min_tasks   = number
    max_tasks   = number
    spot_weight = number
  })
}

variable "sinks" {
  description = "The consumer's SINKS, and the stores that exist for them. stdout: print the records. dynamodb: ARN of the table, DYNAMODB_KEY, DYNAMODB_TOMBSTONE_KEY. s3: ARN of the bucket, and the values of S3_PREFIX, S3_FORMAT, S3_FLUSH_RECORDS, S3_FLUSH_MS and S3_TIMEZONE."
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
}

variable "assume_roles" {
  description = "Roles that the consumer assumes, for example in other accounts. kafka: KAFKA_ASSUME_ROLE_ARN, whose credentials sign the tokens of the cluster. glue: GLUE_ASSUME_ROLE_ARN, for calls of the registry only."
  type = object({
    kafka = optional(string)
    glue  = optional(string)
  })
  default = {}
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps the logs, which contain the decoded orders."
  type        = number
}

variable "execute_command" {
  description = "Allow ECS Exec into the services, which makes their root file systems writable. Its sessions need the network's endpoint ssmmessages."
  type        = bool
  default     = false
}

variable "to_enable_trigger" {
  description = "Start five order generators every minute."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Protect the load balancer from deletion."
  type        = bool
  default     = false
}
