variable "region" {
  description = "AWS region."
  type        = string
  default     = "ap-southeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region such as ap-southeast-2."
  }
}

variable "prefix" {
  description = "Prefix of all resource names. The app stack looks up resources by this prefix."
  type        = string
  default     = "orders-dev"
}

variable "kafka_version" {
  description = "Kafka version in KRaft mode, as `aws kafka list-kafka-versions` prints it."
  type        = string
  default     = "3.9.x.kraft"
}

variable "broker_instance_type" {
  description = "Broker size. The default is the smallest that works reliably with IAM."
  type        = string
  default     = "kafka.m7g.large"
}

variable "registry_name" {
  description = "Name of the Glue schema registry."
  type        = string
  default     = "customer"
}

variable "access" {
  description = "Create a host through which developers reach the VPC (module access), and the endpoints that this host and ECS Exec need."
  type        = bool
  default     = false
}

variable "metrics" {
  description = "Create a Prometheus workspace and its endpoint. The app stack's variable metrics needs them."
  type        = bool
  default     = false
}

variable "github" {
  description = "GitHub repository (<owner>/<name>) whose environment `dev` may release, and whether this stack creates the account's identity provider for GitHub. null: no releases from GitHub."
  type = object({
    repository      = string
    create_provider = optional(bool, true)
  })
  default = null
}
