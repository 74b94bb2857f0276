variable "name" {
  description = "Name of the task and of all that is its own."
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

variable "cluster_name" {
  description = "ECS cluster with the capacity providers FARGATE and FARGATE_SPOT."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_-]{0,254}$", var.cluster_name))
    error_message = "cluster_name is an ECS cluster's name, not its ARN."
  }
}

variable "image" {
  description = "Image in ECR, by digest or by a tag that never moves."
  type        = string
}

variable "log_retention_days" {
  description = "Days that logs stay in CloudWatch."
  type        = number
  default     = 30
}

variable "topic" {
  description = "The topic; its dead-letter topic is made with it."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[a-zA-Z0-9._-]{1,245}$", var.topic))
    error_message = "topic is a legal topic name with room for .dlq behind it."
  }
}

variable "dead_letter_topic" {
  description = "The dead-letter topic; null: <topic>.dlq."
  type        = string
  default     = null

  validation {
    condition     = var.dead_letter_topic == null || (var.dead_letter_topic != var.topic && can(regex("^[a-zA-Z0-9._-]{1,249}$", var.dead_letter_topic)))
    error_message = "dead_letter_topic is a legal topic name other than topic."
  }
}

variable "partitions" {
  description = "Of each topic. Changing it makes no existing topic larger: keys would move to other partitions."
  type        = number
  default     = 6

  validation {
    condition     = var.partitions >= 1 && var.partitions <= 10000
    error_message = "partitions is 1 to 10000."
  }
}

variable "replication_factor" {
  description = "Copies of each partition; null: as the cluster says."
  type        = number
  default     = null

  validation {
    condition     = var.replication_factor == null || contains([1, 2, 3], coalesce(var.replication_factor, 3))
    error_message = "replication_factor is 1, 2, 3 or null."
  }
}
