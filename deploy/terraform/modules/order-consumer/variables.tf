variable "name" {
  description = "Name of the service and of all that is its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name is 2 to 41 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "network" {
  description = "The VPC, its private subnets in different zones, and the group of the interface endpoints."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })
}

variable "kafka" {
  description = "The cluster: its ARN, the brokers with IAM (host:port by comma), and the group whose holders may talk to them."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })
}

variable "service" {
  description = "How it runs: ECS cluster, image, CPU units and MiB of a task, LOG_LEVEL, days that logs stay, whether ECS Exec is allowed (which makes the root file system writable, and wants the endpoint ssmmessages), whether an apply waits for the deployment, and values that are known once what the service needs is there."
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
    error_message = "service.log_level is trace, debug, info, warn, error, fatal or silent."
  }

  validation {
    condition     = var.service.max_tasks <= var.partitions
    error_message = "service.max_tasks is at most partitions: a task without a partition reads nothing."
  }
}

variable "metrics" {
  description = "Where metrics go: the collector's image in ECR, and the Prometheus workspace's id; null: none are sent."
  type = object({
    image        = string
    workspace_id = string
  })
  default = null
}

variable "registry_name" {
  description = "REGISTRY_NAME: the Glue schema registry."
  type        = string
  default     = "customer"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_$#.-]{1,255}$", var.registry_name))
    error_message = "registry_name is 1 to 255 letters, digits and _ $ # . -"
  }
}

variable "topics" {
  description = "TOPIC_NAMES: what is read."
  type        = list(string)
  default     = ["orders"]

  validation {
    condition     = length(var.topics) > 0 && alltrue([for topic in var.topics : can(regex("^[a-zA-Z0-9._-]{1,249}$", topic))])
    error_message = "topics are one or more legal topic names."
  }
}

variable "dead_letter_topic" {
  description = "DLQ_TOPIC; null: <topic>.dlq for each topic."
  type        = string
  default     = null

  validation {
    condition     = var.dead_letter_topic == null || !contains(var.topics, coalesce(var.dead_letter_topic, "-"))
    error_message = "dead_letter_topic is not one of topics: a dead letter that is read again goes round for ever."
  }
}

variable "group_id" {
  description = "GROUP_ID; null: <first topic>-group-01."
  type        = string
  default     = null

  # CloudWatch shows no lag of a group with a colon in its name.
  validation {
    condition     = var.group_id == null || can(regex("^[^:/*?]{1,255}$", var.group_id))
    error_message = "group_id has no colon, slash or wildcard in it."
  }
}

variable "tombstones" {
  description = "TOMBSTONES: what becomes of records without a value."
  type        = string
  default     = "ignore"

  validation {
    condition     = contains(["ignore", "dlq"], var.tombstones)
    error_message = "tombstones is ignore or dlq."
  }
}

variable "partitions" {
  description = "Partitions of the topics together: more tasks than that would have nothing to read."
  type        = number
  default     = 6

  validation {
    condition     = var.partitions >= 1
    error_message = "partitions is 1 or more."
  }
}

variable "spot_weight" {
  description = "Of ten tasks beyond the first, how many run on Spot. A task drains in 25 s; Spot gives two minutes."
  type        = number
  default     = 7
}

variable "max_lag_seconds" {
  description = "Seconds that the group needs to catch up, by MSK's estimate, above which tasks are added."
  type        = number
  default     = 60

  validation {
    condition     = var.max_lag_seconds >= 10
    error_message = "max_lag_seconds is 10 or more."
  }
}
