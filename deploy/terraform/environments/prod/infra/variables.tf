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
  default     = "orders-prod"
}

variable "kafka_version" {
  description = "Kafka version in KRaft mode, as `aws kafka list-kafka-versions` prints it."
  type        = string
  default     = "3.9.x.kraft"
}

variable "broker_instance_type" {
  description = "Broker size."
  type        = string
  default     = "kafka.m5.large"
}

variable "registry_name" {
  description = "Name of the Glue schema registry."
  type        = string
  default     = "customer"
}

variable "max_volume_gib" {
  description = "Upper limit for the automatic growth of each broker's storage, in GiB."
  type        = number
  default     = 1000
}

variable "access" {
  description = "Create a host through which developers reach the VPC (module access), and the endpoints that this host and ECS Exec need."
  type        = bool
  default     = false
}

variable "grafana" {
  description = "Create an Amazon Managed Grafana workspace. Needs IAM Identity Center."
  type        = bool
  default     = false
}

variable "github" {
  description = "GitHub repository (<owner>/<name>) whose environment `prod` may release, and whether this stack creates the account's identity provider for GitHub. null: no releases from GitHub."
  type = object({
    repository      = string
    create_provider = optional(bool, true)
  })
  default = null
}
