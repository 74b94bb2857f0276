variable "name" {
  description = "Name of the task and of its resources."
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

variable "cluster_name" {
  description = "Name of the ECS cluster, with the capacity providers FARGATE and FARGATE_SPOT."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_-]{0,254}$", var.cluster_name))
    error_message = "cluster_name must be the name of an ECS cluster, not its ARN."
  }
}

variable "image" {
  description = "Image in ECR, by digest or by an immutable tag."
  type        = string
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps the logs."
  type        = number
  default     = 30
}

variable "topic" {
  description = "Name of the topic. Its dead-letter topic is created with it."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[a-zA-Z0-9._-]{1,245}$", var.topic))
    error_message = "topic must be a valid topic name that leaves room for the suffix .dlq."
  }
}

variable "dead_letter_topic" {
  description = "Name of the dead-letter topic; null: <topic>.dlq."
  type        = string
  default     = null

  validation {
    condition     = var.dead_letter_topic == null || (var.dead_letter_topic != var.topic && can(regex("^[a-zA-Z0-9._-]{1,249}$", var.dead_letter_topic)))
    error_message = "dead_letter_topic must be a valid topic name other than topic."
  }
}

variable "partitions" {
  description = "Number of partitions of each topic. A change does not enlarge existing topics, because keys would move to other partitions."
  type        = number
  default     = 6

  validation {
    condition     = var.partitions >= 1 && var.partitions <= 10000
    error_message = "partitions must be from 1 to 10000."
  }
}

variable "replication_factor" {
  description = "Replication factor of each topic; null: the cluster's default."
  type        = number
  default     = null

  validation {
    condition     = var.replication_factor == null || contains([1, 2, 3], coalesce(var.replication_factor, 3))
    error_message = "replication_factor must be 1, 2, 3 or null."
  }
}
