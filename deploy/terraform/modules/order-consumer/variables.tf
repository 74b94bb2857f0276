variable "name" {
  description = "Name of the service and of all that is its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name is 2 to 41 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "vpc_id" {
  description = "The VPC of the subnets."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id is a VPC's id."
  }
}

variable "subnet_ids" {
  description = "Private subnets, in different zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids are two or more."
  }
}

variable "endpoints_security_group_id" {
  description = "Guards the interface endpoints."
  type        = string

  validation {
    condition     = startswith(var.endpoints_security_group_id, "sg-")
    error_message = "endpoints_security_group_id is a security group's id."
  }
}

variable "kafka" {
  description = "The cluster: its ARN, the brokers with IAM (host:port by comma), and the group whose holders may talk to them."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })

  validation {
    condition     = can(regex("^arn:[a-z-]+:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[^/]+/[^/]+$", var.kafka.cluster_arn))
    error_message = "kafka.cluster_arn is an MSK cluster's ARN."
  }

  validation {
    condition     = alltrue([for server in split(",", var.kafka.bootstrap_servers) : can(regex("^[^:]+:9098$", server))])
    error_message = "kafka.bootstrap_servers are brokers on 9098, where IAM is spoken."
  }
}

variable "cluster_name" {
  description = "ECS cluster with the capacity providers FARGATE and FARGATE_SPOT."
  type        = string
}

variable "image" {
  description = "Image in ECR, by digest or by a tag that never moves."
  type        = string
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

variable "log_level" {
  description = "LOG_LEVEL."
  type        = string
  default     = "info"

  validation {
    condition     = contains(["trace", "debug", "info", "warn", "error", "fatal", "silent"], var.log_level)
    error_message = "log_level is trace, debug, info, warn, error, fatal or silent."
  }
}

variable "log_retention_days" {
  description = "Days that logs stay in CloudWatch."
  type        = number
  default     = 30
}

variable "cpu" {
  description = "CPU units; 1024 are one vCPU."
  type        = number
  default     = 512
}

variable "memory_mib" {
  description = "Memory in MiB."
  type        = number
  default     = 1024
}

variable "execute_command" {
  description = "Allow ECS Exec, which makes the root file system writable."
  type        = bool
  default     = false
}

variable "wait_for_steady_state" {
  description = "An apply ends when the deployment has."
  type        = bool
  default     = true
}

variable "start_after" {
  description = "Values that are known once what the service needs is there, such as the topics."
  type        = list(string)
  default     = []
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

variable "min_tasks" {
  description = "How many tasks run at least."
  type        = number
  default     = 2
}

variable "max_tasks" {
  description = "How many tasks run at most."
  type        = number
  default     = 4

  validation {
    condition     = var.max_tasks <= var.partitions
    error_message = "max_tasks is at most partitions: a task without a partition reads nothing."
  }
}

variable "spot_weight" {
  description = "Of ten tasks beyond the first, how many run on Spot. A task drains in 25 s; Spot gives two minutes."
  type        = number
  default     = 7
}

variable "max_lag_seconds" {
  description = "Age of the oldest unread record from which on tasks are added."
  type        = number
  default     = 60

  validation {
    condition     = var.max_lag_seconds >= 10
    error_message = "max_lag_seconds is 10 or more."
  }
}
