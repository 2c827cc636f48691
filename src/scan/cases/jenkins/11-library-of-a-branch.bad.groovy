// finds: unpinned-import
// --- Jenkinsfile
@Library('company-pipelines@main') _

pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Build') {
            when { branch 'main' }
            steps {
                withCredentials([string(credentialsId: 'signing', variable: 'SIGNING_KEY')]) {
                    buildAndSign()
                }
                sh 'make'
            }
        }
    }
}
